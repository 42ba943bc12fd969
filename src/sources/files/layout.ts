import { type DuckDBConnection, DuckDBTypeId } from '@duckdb/node-api';
import { readCsvHeader } from './csv-header.ts';
import type { Format } from './find-file.ts';

/** A column by its name in the file, and the SQL of its text. */
export interface Column {
  readonly name: string;
  readonly sql: string;
}

/** How DuckDB reads a file. */
export interface Layout {
  readonly columns: readonly Column[];
  /** The FROM clause; `$path` is the file. */
  readonly from: string;
  /** SQL that says whether a row is none. */
  readonly isTorn: string;
  /** Of CSV alone, whose lines may be rejected. */
  readonly delimiter?: string;
}

/** A line of CSV or a record of NDJSON that is longer is none. */
const rowBytesMax = 1024 * 1024;

/** So many cells too few or too many are told by line. */
export const rejectsMax = 10_000;

/** @throws SourceError when a CSV file has no header, or the error of DuckDB */
export function layoutOf(connection: DuckDBConnection, path: string, format: Format): Promise<Layout> {
  switch (format) {
    case 'csv':
      return csvLayout(path);
    case 'ndjson':
      return ndjsonLayout(connection, path);
    case 'parquet':
      return parquetLayout(connection, path);
  }
}

/** Nothing is guessed from the rows, and nothing mended: what is not well-formed is rejected by line. */
async function csvLayout(path: string): Promise<Layout> {
  const { names, delimiter } = await readCsvHeader(path);
  const types = names.map((_, index) => `c${index}: 'VARCHAR'`).join(', ');
  return {
    columns: names.map((name, index) => ({ name, sql: `c${index}` })),
    from: `read_csv($path, auto_detect = false, header = false, skip = 1, columns = {${types}},
      delim = '${delimiter}', quote = '"', escape = '"', strict_mode = true,
      store_rejects = true, rejects_limit = ${rejectsMax}, max_line_size = ${rowBytesMax}, buffer_size = ${4 * rowBytesMax})`,
    isTorn: 'FALSE',
    delimiter,
  };
}

async function ndjsonLayout(connection: DuckDBConnection, path: string): Promise<Layout> {
  const from = `read_ndjson_objects($path, ignore_errors = true, maximum_object_size = ${rowBytesMax})`;
  const members = await connection.runAndReadAll(`SELECT DISTINCT unnest(json_keys(json)) FROM ${from} ORDER BY 1`, {
    path,
  });
  return {
    columns: members.getRows().map(([member]) => {
      const name = String(member);
      return { name, sql: `json_extract_string(json, '$."${name.replaceAll("'", "''")}"')` };
    }),
    from,
    isTorn: "json IS NULL OR json_type(json) <> 'OBJECT'",
  };
}

async function parquetLayout(connection: DuckDBConnection, path: string): Promise<Layout> {
  const from = 'read_parquet($path, hive_partitioning = false)';
  const none = await connection.runAndReadAll(`SELECT * FROM ${from} LIMIT 0`, { path });
  return {
    columns: none.columnNames().map((name, index) => ({ name, sql: textOf(name, none.columnTypeId(index)) })),
    from,
    isTorn: 'FALSE',
  };
}

/** Whole floating-point numbers lose their ".0", and instants are written as RFC 3339 has them. */
function textOf(name: string, type: DuckDBTypeId): string {
  const quoted = `"${name.replaceAll('"', '""')}"`;
  switch (type) {
    case DuckDBTypeId.FLOAT:
    case DuckDBTypeId.DOUBLE:
      return `regexp_replace(CAST(${quoted} AS VARCHAR), '\\.0$', '')`;
    case DuckDBTypeId.TIMESTAMP_TZ:
      return `strftime(${quoted}, '%Y-%m-%dT%H:%M:%S.%gZ')`;
    default:
      return `CAST(${quoted} AS VARCHAR)`;
  }
}
