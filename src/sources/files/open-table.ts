import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { keyOf, type ReferenceTable, SourceError } from '../source.ts';
import { splitCells } from './csv-header.ts';
import type { WrittenRow } from './fields.ts';
import type { TableFile } from './find-file.ts';
import { type Layout, layoutOf, rejectsMax } from './layout.ts';
import { matchColumns } from './match-columns.ts';

/** A row of a file. If it has a fault it could not be read, and no more than its key is known, if that. */
export interface FileRow {
  readonly values: WrittenRow;
  readonly fault: string | null;
}

/** A file that is open for reading; disposing of it frees its database. */
export interface OpenTable extends Disposable {
  /** All rows in the order of the file, those of CSV that were rejected last. */
  rows(signal: AbortSignal | undefined): AsyncGenerator<FileRow[]>;
}

/**
 * Opens a file in a database of its own, in little memory and on one thread.
 *
 * @throws SourceError when its columns are not those of the table, or the error of DuckDB
 */
export async function openTable({ path, format }: TableFile, table: ReferenceTable): Promise<OpenTable> {
  const instance = await DuckDBInstance.create(':memory:', {
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    memory_limit: '256MB',
    threads: '1',
    temp_directory: '',
  });
  try {
    const connection = await instance.connect();
    await connection.run("SET TimeZone = 'UTC'");
    const layout = await layoutOf(connection, path, format);
    const columns = matchColumns(table, path, layout.columns);
    const fields = [...columns.keys()];
    const selected = [layout.isTorn, ...[...columns.values()].map(({ sql }) => sql)].join(', ');
    return {
      async *rows(signal) {
        const result = await connection.stream(`SELECT ${selected} FROM ${layout.from}`, { path });
        let record = 0;
        for (;;) {
          signal?.throwIfAborted();
          const chunk = await result.fetchChunk();
          if (!chunk || chunk.rowCount === 0) break;
          yield chunk.getRows().map(([isTorn, ...texts]): FileRow => {
            record += 1;
            return { values: valuesOf(fields, texts), fault: isTorn ? `record ${record} is not a JSON object` : null };
          });
        }
        const isKeyFirst = columns.get(keyOf[table]) === layout.columns[0];
        yield await rejectedRows(connection, path, layout, isKeyFirst ? keyOf[table] : undefined);
      },
      [Symbol.dispose]: () => instance.closeSync(),
    };
  } catch (error) {
    instance.closeSync();
    throw error;
  }
}

function valuesOf(fields: readonly string[], texts: readonly unknown[]): WrittenRow {
  const values: Record<string, string> = {};
  fields.forEach((field, index) => {
    const value = texts[index];
    if (typeof value === 'string' && value !== '') values[field] = value;
  });
  return values;
}

const reasons: Readonly<Record<string, string>> = {
  'MISSING COLUMNS': 'has fewer cells than the header',
  'TOO MANY COLUMNS': 'has more cells than the header',
  'UNQUOTED VALUE': 'has a quote that is not closed, or text behind one that is',
  'INVALID ENCODING': 'is not UTF-8',
  'LINE SIZE OVER MAXIMUM': 'is too long',
};

/**
 * The lines that DuckDB did not take. The key is only certain in the first column, and only if another cell follows:
 * behind a cell too many it would be another one, and at the torn end of a file a part of it.
 */
async function rejectedRows(
  connection: DuckDBConnection,
  path: string,
  { delimiter }: Layout,
  firstField: string | undefined,
): Promise<FileRow[]> {
  if (delimiter === undefined) return [];
  const rejects = await connection.runAndReadAll(
    `SELECT CAST(line AS INTEGER), CAST(first(error_type) AS VARCHAR), left(first(csv_line), 4096), CAST(SUM(COUNT(*)) OVER () AS INTEGER)
    FROM reject_errors GROUP BY line ORDER BY line`,
  );
  const rows = rejects.getRows();
  // Behind the limit lines are left out without a word.
  if (Number(rows[0]?.[3] ?? 0) >= rejectsMax) {
    const message = `${path} has ${rows.length} lines or more whose cells do not fit the header: it is taken for no CSV.`;
    throw new SourceError(message, { kind: 'shape' });
  }
  return rows.map(([line, type, written]) => {
    const cells = String(type).endsWith('COLUMNS') ? splitCells(String(written), delimiter) : [];
    const values = firstField !== undefined && cells.length > 1 ? { [firstField]: cells[0] ?? '' } : {};
    return { values, fault: `line ${line} ${reasons[String(type)] ?? `cannot be read (${type})`}` };
  });
}
