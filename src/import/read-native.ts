import { type DuckDBConnection, DuckDBTypeId } from '@duckdb/node-api';
import { ImportError } from './import-error.ts';
import { jsonRow } from './json-value.ts';
import type { RowReader, SourceRow } from './source-row.ts';
import { columnIndex } from './table.ts';

/**
 * Opens a Parquet file; cells arrive as texts, lists and structures as JSON. `wanted` limits what is read.
 *
 * @throws ImportError when it is not a Parquet file
 */
export async function openParquet(
  connection: DuckDBConnection,
  path: string,
  wanted: readonly string[] | undefined,
): Promise<RowReader> {
  const described = await native(path, () =>
    connection.runAndReadAll('SELECT * FROM read_parquet($path, hive_partitioning = false) LIMIT 0', { path }),
  );
  const names = described.columnNames();
  const types = names.map((_, index) => described.columnTypeId(index));
  const columns = names.filter((name) => wanted === undefined || columnIndex(wanted, name) >= 0);
  const selected = columns.map((name) => textOf(name, types[names.indexOf(name)]));
  return {
    columns,
    async *batches() {
      const list = selected.length === 0 ? 'NULL' : selected.join(', ');
      const sql = `SELECT ${list} FROM read_parquet($path, hive_partitioning = false)`;
      yield* rowsOf(connection, sql, path, (value, row) => ({ row, raw: '', value, fault: undefined }));
    },
  };
}

/**
 * Opens a file of JSON that is a list of values, or values one after the other over any number of lines.
 *
 * @throws ImportError when it is not JSON
 */
export function openJson(connection: DuckDBConnection, path: string): RowReader {
  const sql = "SELECT json FROM read_json_objects($path, format = 'auto', maximum_object_size = 67108864)";
  return {
    columns: null,
    async *batches() {
      yield* rowsOf(connection, sql, path, ([json], row) => jsonRow(json ?? 'null', row));
    },
  };
}

async function* rowsOf(
  connection: DuckDBConnection,
  sql: string,
  path: string,
  make: (cells: (string | null)[], row: number) => SourceRow,
): AsyncGenerator<SourceRow[]> {
  const result = await native(path, () => connection.stream(sql, { path }));
  let row = 0;
  for (;;) {
    const chunk = await native(path, () => result.fetchChunk());
    if (!chunk || chunk.rowCount === 0) return;
    yield chunk.getRows().map((cells) => {
      row += 1;
      return make(cells as (string | null)[], row);
    });
  }
}

/** SQL for the text of a column: nested values as JSON, whole floating-point numbers without their ".0". */
function textOf(name: string, type: DuckDBTypeId | undefined): string {
  const quoted = `"${name.replaceAll('"', '""')}"`;
  switch (type) {
    case DuckDBTypeId.LIST:
    case DuckDBTypeId.ARRAY:
    case DuckDBTypeId.STRUCT:
    case DuckDBTypeId.MAP:
      return `CAST(to_json(${quoted}) AS VARCHAR)`;
    case DuckDBTypeId.FLOAT:
    case DuckDBTypeId.DOUBLE:
      return `regexp_replace(CAST(${quoted} AS VARCHAR), '\\.0$', '')`;
    default:
      return `CAST(${quoted} AS VARCHAR)`;
  }
}

async function native<T>(path: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    throw new ImportError(`${path} cannot be read: ${reason}`, { cause: error });
  }
}
