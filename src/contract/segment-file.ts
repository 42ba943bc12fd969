/** A sealed, immutable file of delivered records, in the order they were accepted. */
export interface SegmentFile {
  /** Grows by one from segment file to segment file; never used twice. */
  readonly sequence: number;
  readonly path: string;
  readonly records: number;
  readonly bytes: number;
  /** When it was sealed, milliseconds since 1970. */
  readonly sealedAtMs: number;
}
