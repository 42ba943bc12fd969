/** One row of a file as its reader found it. */
export interface SourceRow {
  /** As a spreadsheet or an editor numbers it: from 1, the header counted. */
  readonly row: number;
  /** The row as it is written; '' where the format has no text (Parquet). */
  readonly raw: string;
  /** What is wrong with the row itself, or undefined. */
  readonly fault: string | undefined;
  /** The cells in the order of the columns, or the JSON value. */
  readonly value: unknown;
}

/** A file that is open for reading. */
export interface RowReader {
  /** Names of the columns, or null where every row has members of its own (JSON). */
  readonly columns: readonly string[] | null;
  /** The rows in batches, in the order of the file. */
  batches(): AsyncGenerator<SourceRow[]>;
}
