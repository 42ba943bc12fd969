/** The name of a segment file in its folder. */
export function segmentName(sequence: number): string {
  return `${String(sequence).padStart(12, '0')}.ndjson`;
}

/** The sequence in a segment file's name; undefined for any other file's. */
export function sequenceOf(name: string): number | undefined {
  const digits = /^(\d{12})\.ndjson$/.exec(name)?.[1];
  return digits === undefined ? undefined : Number(digits);
}
