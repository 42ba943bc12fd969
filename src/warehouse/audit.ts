import type { BookProblemCode } from '../contract/verification.ts';

/** Where the records of a segment file were read from. */
export type AuditedPlace = 'segments' | 'archive';

/** One thing that is wrong: what differs and by how much; `where` names file, order or day. */
export interface Discrepancy {
  readonly code: BookProblemCode;
  readonly where: string;
  readonly detail: string;
}

export type ReportDiscrepancy = (discrepancy: Discrepancy) => void;

/** A book as the tables have it, with what was in flight when they were read. */
export interface AuditedBook {
  /** YYYY-MM-DD. */
  readonly day: string;
  readonly source: string;
  readonly received: number;
  readonly loaded: number;
  readonly duplicates: number;
  readonly superseded: number;
  readonly quarantined: number;
  readonly in_flight: number;
}

/** A segment file of the ledger that was not read. */
export interface GoneSegment {
  readonly segment: number;
  readonly records: number;
  readonly beforeBooks: boolean;
}

/**
 * Holds tables and files against each other. The tables are read once, in one transaction; whatever is loaded later
 * is in flight as far as the audit is concerned. Files are added in parts, so memory stays bounded, and loads and
 * reports go on meanwhile. One caller at a time.
 */
export interface BooksAudit {
  /** Reads the tables and reports what they contradict among themselves. `onStep` is told of work done. */
  readTables(report: ReportDiscrepancy, onStep: (done: number, total: number) => void): Promise<void>;

  /** Which of these segment files were in the ledger when the tables were read. */
  loaded(sequences: readonly number[]): Promise<Set<number>>;

  /** Takes in whole segment files. @throws when one cannot be read */
  addSegments(paths: readonly string[]): Promise<void>;

  /** Takes in the Parquet files of a batch of the archive; resolves with the records found of each segment file. */
  addArchived(paths: readonly string[]): Promise<Map<number, number>>;

  /** Segment files of the ledger that were not added, oldest first. */
  gone(): Promise<GoneSegment[]>;

  /**
   * Holds all that was added against the tables. `pathsOf` gives the files in which the records of a segment file
   * lie, to look at one by one where sums differ; `enough` says that no more need be named.
   */
  compare(options: CompareOptions): Promise<Compared>;

  close(): void;
}

export interface Compared {
  readonly books: AuditedBook[];
  /** Records that have left quarantine and are no longer kept there. */
  readonly removedFromQuarantine: number;
}

export interface CompareOptions {
  readonly report: ReportDiscrepancy;
  readonly pathsOf: (segment: number, place: AuditedPlace) => readonly string[];
  readonly enough: () => boolean;
  readonly onStep: (done: number, total: number) => void;
}

/** A warehouse that can be audited. */
export interface AuditableWarehouse {
  /** Aborting the signal ends whatever the audit is doing. */
  audit(signal: AbortSignal): Promise<BooksAudit>;
}
