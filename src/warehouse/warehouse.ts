import type { SegmentFile } from '../contract/segment-file.ts';

/** A value that SQL may be given. Never built into the text of a statement. */
export type SqlParameter = string | number | boolean | null;
export type SqlParameters = Readonly<Record<string, SqlParameter>>;

/** A row by column name: integers as numbers, dates as YYYY-MM-DD, instants as ISO 8601 UTC. */
export type Row = Record<string, unknown>;

/** What became of the records of one segment file; the numbers add up to `records`. */
export interface LedgerEntry {
  readonly segment: number;
  readonly records: number;
  readonly loaded: number;
  readonly duplicates: number;
  readonly superseded: number;
  readonly quarantined: number;
  /** Records that take something out of quarantine without replaying it. */
  readonly dropped: number;
  /** Of earlier loads, orders that a higher revision in this file took the place of. */
  readonly replaced: number;
}

export interface LoadResult {
  readonly entries: readonly LedgerEntry[];
  readonly dataVersion: number;
  /** When each record was accepted, milliseconds since 1970, for the freshness figures; without replays. */
  readonly acceptedAtMs: readonly number[];
}

/** What the warehouse holds now. */
export interface WarehouseStatus {
  readonly dataVersion: number;
  /** Highest sequence in the ledger, 0 when empty. */
  readonly lastSegment: number;
  /** Every order accepted up to here is counted; null before the first. */
  readonly visibleThrough: string | null;
}

/** What an engine can do that another cannot; callers ask for the capability, never for the engine. */
export interface WarehouseCapabilities {
  /** Writes a query's rows as Parquet by itself. */
  readonly parquetExport: boolean;
}

export interface CompactionOptions {
  /** A month is rewritten when at least this share of its lines, 0 to 1, came since it was last in order. */
  readonly looseShareMin: number;
  /** Told of lines that are done, and of how many there are to do. */
  readonly onProgress?: (lines: number, total: number) => void;
  readonly signal?: AbortSignal;
}

export interface CompactionResult {
  readonly months: number;
  readonly lines: number;
}

/** Where orders are counted. One process owns it. */
export interface Warehouse {
  readonly capabilities: WarehouseCapabilities;

  /** Runs one SELECT in the SQL subset that all engines share, with named parameters (`$state`). */
  query(sql: string, parameters?: SqlParameters, signal?: AbortSignal): Promise<Row[]>;

  /** The same, row by row, for results of any size. */
  stream(sql: string, parameters?: SqlParameters, signal?: AbortSignal): AsyncIterable<Row[]>;

  /** Writes the rows of a SELECT to a Parquet file and resolves with their number. */
  exportParquet(sql: string, parameters: SqlParameters, path: string): Promise<number>;

  /**
   * Loads segment files and their ledger rows in one transaction: each (source, order_id, revision) counts
   * once, the highest revision wins, rejects go to quarantine. Loading a file again changes nothing.
   *
   * @throws when nothing was loaded; the caller may try again
   */
  load(segments: readonly SegmentFile[]): Promise<LoadResult>;

  /** Which of these sequences the ledger has. */
  loaded(sequences: readonly number[]): Promise<Set<number>>;

  /** Inserts or replaces stores from an NDJSON file of `Store`, then resolves again the orders they concern. */
  upsertStores(path: string): Promise<void>;

  /** Inserts or replaces customers from an NDJSON file of `Customer`, likewise. */
  upsertCustomers(path: string): Promise<void>;

  /**
   * Brings lines into the order that reports read fastest. What the tables say stays the same throughout; loads
   * and reports go on meanwhile.
   */
  compact(options: CompactionOptions): Promise<CompactionResult>;

  status(): WarehouseStatus;

  close(): Promise<void>;
}
