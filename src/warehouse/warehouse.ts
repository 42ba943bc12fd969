import type { SegmentFile } from '../contract/segment-file.ts';

/** A value that SQL may be given. Never built into the text of a statement. */
export type SqlParameter = string | number | boolean | null;
export type SqlParameters = Readonly<Record<string, SqlParameter>>;

/** A statement that changes rows, with named parameters. */
export interface WriteStatement {
  readonly sql: string;
  readonly parameters: SqlParameters;
}

/** A row by column name: integers as numbers, dates as YYYY-MM-DD, instants as ISO 8601 UTC. */
export type Row = Record<string, unknown>;

/** A segment by what its seal says, wherever its records lie. */
export type SealedSegment = Pick<SegmentFile, 'sequence' | 'records' | 'sealedAtMs'>;

/** Segments of the archive: Parquet files that together hold all their records and no others. */
export interface ArchivedSegments {
  readonly segments: readonly SealedSegment[];
  /** The files' absolute paths. Each row has all members of its record, `segment`, and `position` in it, from 1. */
  readonly paths: readonly string[];
}

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
  /** Orders that a higher revision in this file took the place of. */
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

/** Reference data that orders are resolved by. */
export type ReferenceTable = 'stores' | 'customers';

/** A file for each census table, with the number of rows it must have. */
export type CensusImport = Readonly<
  Record<
    'census_state' | 'census_county' | 'census_place' | 'census_zip',
    { readonly path: string; readonly rows: number }
  >
>;

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

  /** Runs INSERT, UPDATE and DELETE statements of the shared subset in one transaction: all of them or none. */
  write(statements: readonly WriteStatement[]): Promise<void>;

  /** Writes the rows of a SELECT to a Parquet file and resolves with their number. */
  exportParquet(sql: string, parameters: SqlParameters, path: string): Promise<number>;

  /**
   * Loads segment files and their ledger rows in one transaction: each (source, order_id, revision) counts
   * once, the highest revision wins, rejects go to quarantine. Loading a file again changes nothing.
   *
   * @throws when nothing was loaded; the caller may try again
   */
  load(segments: readonly SegmentFile[]): Promise<LoadResult>;

  /**
   * The same for segments of the archive, none of which may be loaded already. Calls keep their order; one that is
   * made while another is under way reads meanwhile.
   */
  loadArchived(archived: ArchivedSegments): Promise<LoadResult>;

  /** Which of these sequences the ledger has. */
  loaded(sequences: readonly number[]): Promise<Set<number>>;

  /** Inserts or replaces stores from an NDJSON file of `Store`, then resolves again the orders they concern. */
  upsertStores(path: string): Promise<void>;

  /** Inserts or replaces customers from an NDJSON file of `Customer`, likewise. */
  upsertCustomers(path: string): Promise<void>;

  /** Replaces the menu by an NDJSON file of menu items. */
  replaceMenuItems(path: string): Promise<void>;

  /** The ids that came from this source and hold today, and are not in an NDJSON file of the ids that it has. */
  findMissing(table: ReferenceTable, path: string, origin: string): Promise<string[]>;

  /** Replaces the census tables by NDJSON files, plain or gzip: all of them or none. Resolves with the rows. */
  replaceCensus(tables: CensusImport): Promise<number>;

  /**
   * Brings lines into the order that reports read fastest. What the tables say stays the same throughout; loads
   * and reports go on meanwhile.
   */
  compact(options: CompactionOptions): Promise<CompactionResult>;

  status(): WarehouseStatus;

  close(): Promise<void>;
}
