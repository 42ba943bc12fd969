import { BIGINT, type DuckDBConnection, LIST, listValue } from '@duckdb/node-api';
import { parseCombination } from '../../contract/combination.ts';
import { combinationLabel } from '../../contract/combination-label.ts';
import type { SegmentFile } from '../../contract/segment-file.ts';
import type { KeyFilter } from '../key-filter.ts';
import type { LedgerEntry } from '../warehouse.ts';
import { type Arrived, findSuspects, readArrived } from './arrived.ts';
import { type Counted, type CountedBook, countOutcomes, type Outcome } from './count-outcomes.ts';
import { resolvedSql, sqlFile } from './sql-file.ts';

const sql = {
  arrived: sqlFile('arrived'),
  stored: sqlFile('stored'),
  ruled: sqlFile('ruled'),
  resolvedAll: resolvedSql('arrived'),
  resolvedRuled: resolvedSql('ruled'),
  newCombinations: sqlFile('new-combinations'),
  insertPastRecords: sqlFile('insert-past-records'),
  deleteLines: sqlFile('delete-replaced-lines'),
  deleteHeads: sqlFile('delete-replaced-heads'),
  insertHeads: sqlFile('insert-heads'),
  insertLines: sqlFile('insert-lines'),
  insertQuarantine: sqlFile('insert-quarantine'),
  countQuarantine: sqlFile('count-quarantine'),
  resolveQuarantine: sqlFile('resolve-quarantine'),
  openBooks: sqlFile('open-books'),
  addToBooks: sqlFile('add-to-books'),
  insertLedger: sqlFile('insert-ledger'),
};

export interface LoadedSegments {
  readonly entries: LedgerEntry[];
  readonly acceptedAtMs: readonly number[];
  /** Makes the memory know the new keys and books; to be called once the transaction is committed. */
  remember(): void;
}

/** What the warehouse keeps in memory so that most loads need not look for it in tables. */
export interface Memory {
  readonly keys: KeyFilter;
  /** Day and source of every book there is. */
  readonly books: Set<string>;
}

/** How a book is remembered. */
export function bookKey({ day, source }: Pick<CountedBook, 'day' | 'source'>): string {
  return `${day} ${source}`;
}

/**
 * Loads segment files inside the caller's transaction. The rows move from file to tables in native code; what
 * JavaScript sees is the keys, for the filter that keeps most loads from searching the stored orders. When it
 * says that every order is new, there is nothing to rule on, and half of the statements are saved.
 */
export async function loadSegments(
  connection: DuckDBConnection,
  memory: Memory,
  segments: readonly SegmentFile[],
  loadedAt: string,
): Promise<LoadedSegments> {
  await connection.run(sql.arrived, { paths: listValue(segments.map((file) => file.path)) });
  const arrived = await readArrived(connection);
  const suspects = findSuspects(arrived, memory.keys);
  const outcomes =
    suspects.stored.length > 0 || suspects.repeated ? await rule(connection, suspects.stored) : undefined;
  await connection.run(outcomes ? sql.resolvedRuled : sql.resolvedAll);
  await addCombinations(connection);
  if (outcomes?.some((outcome) => outcome !== null && outcome !== 'loaded')) {
    await connection.run(sql.insertPastRecords);
    await connection.run(sql.deleteLines);
    await connection.run(sql.deleteHeads);
  }
  await connection.run(sql.insertHeads);
  await connection.run(sql.insertLines, { loaded_at: loadedAt });
  await changeQuarantine(connection, arrived, loadedAt);
  const counted = countOutcomes(segments, arrived, outcomes);
  await keepBooks(connection, memory, counted, loadedAt);
  return {
    entries: counted.entries.map(({ firstAcceptedAtMs: _, lastAcceptedAtMs: __, sealedAtMs: ___, ...entry }) => entry),
    acceptedAtMs: arrived.acceptedAtMs.filter((_, at) => !arrived.replayed[at]),
    remember: () => {
      for (const [at, high] of arrived.high.entries())
        if (arrived.type[at] === 'order') memory.keys.add(high, arrived.low[at] ?? 0);
      for (const book of counted.books) memory.books.add(bookKey(book));
    },
  };
}

async function changeQuarantine(connection: DuckDBConnection, arrived: Arrived, loadedAt: string): Promise<void> {
  if (arrived.type.includes('reject')) {
    await connection.run(sql.insertQuarantine);
    await connection.run(sql.countQuarantine);
  }
  if (arrived.type.includes('drop') || arrived.replayed.includes(true))
    await connection.run(sql.resolveQuarantine, { loaded_at: loadedAt });
}

/** Decides what becomes of each order record; null for what is no order. */
async function rule(connection: DuckDBConnection, stored: readonly bigint[]): Promise<Outcome[]> {
  await connection.run(sql.stored, { keys: listValue(stored) }, { keys: LIST(BIGINT) });
  await connection.run(sql.ruled);
  const reader = await connection.runAndReadAll(`
    SELECT CASE WHEN r.outcome = 'loaded' AND r.replaces IS NOT NULL THEN 'replacing' ELSE r.outcome END
    FROM arrived a LEFT JOIN ruled r ON r.position = a.rowid ORDER BY a.rowid`);
  return (reader.getColumnsJS()[0] ?? []) as Outcome[];
}

async function keepBooks(
  connection: DuckDBConnection,
  memory: Memory,
  { entries, books }: Counted,
  loadedAt: string,
): Promise<void> {
  const written = JSON.stringify(books);
  if (books.some((book) => !memory.books.has(bookKey(book)))) await connection.run(sql.openBooks, { books: written });
  if (books.length > 0) await connection.run(sql.addToBooks, { books: written });
  const visibleAt = new Date().toISOString();
  const times = { loaded_at: loadedAt, visible_at: visibleAt };
  await connection.run(sql.insertLedger, { entries: JSON.stringify(entries), ...times });
}

async function addCombinations(connection: DuckDBConnection): Promise<void> {
  const keys = (await connection.runAndReadAll(sql.newCombinations)).getRows().map((row) => String(row[0]));
  if (keys.length === 0) return;
  const last = await connection.runAndReadAll('SELECT COALESCE(MAX(combination_id), 0) FROM combination');
  let id = Number(last.getRows()[0]?.[0]);
  const appender = await connection.createAppender('combination');
  for (const key of keys) {
    const combination = parseCombination(key);
    id += 1;
    appender.appendInteger(id);
    appender.appendVarchar(key);
    appender.appendVarchar(combinationLabel(combination));
    appender.appendVarchar(combination.crust);
    appender.appendVarchar(combination.sauce);
    appender.appendVarchar(combination.cheese);
    appender.appendVarchar(JSON.stringify(combination.toppings));
    appender.endRow();
  }
  appender.closeSync();
}
