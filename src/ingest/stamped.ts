/**
 * The JSON of a record with the time of acceptance as its last member. Stamped at the moment a record is appended,
 * not when it was read: records then lie in the order of their times, and "everything accepted up to here is
 * counted" can be said of whatever has been loaded.
 */
export function stamped(json: string, acceptedAtMs: number): string {
  return `${json.slice(0, -1)},"accepted_at_ms":${acceptedAtMs}}`;
}
