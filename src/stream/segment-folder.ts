/** A segment file as it lies in its folder, whatever its state. */
export interface StoredSegment {
  readonly sequence: number;
  readonly path: string;
}

/** What reading every byte of a segment file gave. */
export interface SegmentCheck extends StoredSegment {
  /** Whole records: those whose checksum is right. */
  readonly records: number;
  readonly bytes: number;
  /**
   * `whole`: sealed, and every byte is as it was written. `open`: whole records without a seal, the last perhaps
   * torn. `damaged`: records lost their checksum, or the seal does not fit.
   */
  readonly state: 'whole' | 'open' | 'damaged';
  /** Where bytes are that are no whole record: the first of them, from 1, and the byte at which it starts. */
  readonly damage: readonly { readonly record: number; readonly offset: number }[];
  /** There is a seal, right or wrong. */
  readonly sealed: boolean;
  /** Bytes lie behind the last line break. */
  readonly isTorn: boolean;
}

/** Reads segment files without touching them, while others write. */
export interface SegmentFolder {
  /** All of them, oldest first, and the names of what was set aside, damaged or not to be read. */
  list(): Promise<{ readonly segments: StoredSegment[]; readonly setAside: string[] }>;

  /** Reads and checks every byte; undefined when the file is gone. */
  check(segment: StoredSegment): Promise<SegmentCheck | undefined>;
}
