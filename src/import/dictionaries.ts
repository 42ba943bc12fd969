import type { DuckDBConnection } from '@duckdb/node-api';
import type { Binder } from './binder.ts';
import type { Table } from './table.ts';

const differentMax = 10_000;

/** SQL of the slots, and how to read their values back. */
export interface Dictionaries {
  readonly slots: readonly string[];
  /** Puts texts in the place of codes, in the row itself. */
  decode(row: unknown[]): unknown[];
}

/**
 * Columns with few different texts travel through join and sort as small numbers. Handing a text over from DuckDB
 * costs some fifty times what a number costs, and most columns of an order repeat.
 */
export async function createDictionaries(connection: DuckDBConnection, binder: Binder): Promise<Dictionaries> {
  const texts: (readonly string[] | undefined)[] = [];
  const few = new Map<Table, ReadonlySet<string>>();
  for (const table of binder.tables) few.set(table, await columnsOfFewTexts(connection, table));
  const slots: string[] = [];
  for (const [index, { sql, table }] of binder.columns.entries()) {
    const column = sql.slice(sql.indexOf('.') + 1);
    if (!table || !few.get(table)?.has(column)) {
      slots.push(sql);
      continue;
    }
    const type = `${table.sql}_${column}`;
    await connection.run(
      `CREATE TYPE ${type} AS ENUM (SELECT DISTINCT ${column} FROM ${table.sql} WHERE ${column} IS NOT NULL)`,
    );
    texts[index] = await textsOf(connection, type);
    slots.push(`CAST(enum_code(CAST(${sql} AS ${type})) AS INTEGER)`);
  }
  return { slots, decode: createDecode(texts) };
}

async function columnsOfFewTexts(connection: DuckDBConnection, table: Table): Promise<Set<string>> {
  const columns = table.wanted.map((_, index) => `c${index}`);
  if (columns.length === 0) return new Set();
  const counts = columns.map((column) => `approx_count_distinct(${column})`);
  const sql = `SELECT ${counts.join(', ')} FROM ${table.sql}`;
  const [row = []] = (await connection.runAndReadAll(sql)).getRows();
  return new Set(columns.filter((_, index) => Number(row[index]) <= differentMax && Number(row[index]) > 0));
}

async function textsOf(connection: DuckDBConnection, type: string): Promise<string[]> {
  const rows = await connection.runAndReadAll(`SELECT CAST(unnest(enum_range(NULL::${type})) AS VARCHAR)`);
  return rows.getRows().map(([text]) => String(text));
}

function createDecode(texts: readonly (readonly string[] | undefined)[]): (row: unknown[]) => unknown[] {
  const coded = texts.flatMap((list, index) => (list ? [{ list, index }] : []));
  return (row) => {
    for (const { list, index } of coded) {
      const code = row[index];
      if (typeof code === 'number') row[index] = list[code];
    }
    return row;
  };
}
