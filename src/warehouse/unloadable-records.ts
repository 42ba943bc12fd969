/** A record that makes a load fail, whatever is loaded with it. */
export interface UnloadableRecord {
  /** Sequence of its segment file. */
  readonly segment: number;
  /** Its number in the file, from 1. */
  readonly record: number;
  /** What the warehouse says of it. */
  readonly reason: string;
}

/** A load failed because of these records, and of no others: without them it succeeds. */
export class UnloadableRecordsError extends Error {
  readonly records: readonly UnloadableRecord[];

  constructor(records: readonly UnloadableRecord[], cause: unknown) {
    const [first] = records;
    super(
      `${records.length} of the records cannot be loaded; record ${first?.record} of ${first?.segment} is the first.`,
      {
        cause,
      },
    );
    this.name = 'UnloadableRecordsError';
    this.records = records;
  }
}
