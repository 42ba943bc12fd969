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

/** What of a file that was set aside lies nowhere else, as far as the folder can tell. */
export interface SetAsideCheck {
  readonly name: string;
  /** Of the segment file that it was. */
  readonly sequence: number;
  /** Whether a segment file of that sequence is in the folder; without one, everything counts as missing. */
  readonly segment: 'there' | 'gone';
  /** Whole records that the segment file has neither as records nor in rejects. */
  readonly records: number;
  /** Stretches of other bytes that no reject of the segment file holds. */
  readonly stretches: number;
}

/** Reads segment files without touching them, while others write. */
export interface SegmentFolder {
  /** All of them, oldest first, and the names of what was set aside, damaged or not to be read. */
  list(): Promise<{ readonly segments: StoredSegment[]; readonly setAside: string[] }>;

  /** Reads and checks every byte; undefined when the file is gone. */
  check(segment: StoredSegment): Promise<SegmentCheck | undefined>;

  /** Reads a file that was set aside, and the one that took its place; undefined when it is gone. */
  checkSetAside(name: string): Promise<SetAsideCheck | undefined>;
}
