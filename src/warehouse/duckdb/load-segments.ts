import { BIGINT, type DuckDBConnection, LIST, listValue } from '@duckdb/node-api';
import { parseCombination } from '../../contract/combination.ts';
import { combinationLabel } from '../../contract/combination-label.ts';
import type { KeyFilter } from '../key-filter.ts';
import type { LedgerEntry, SealedSegment } from '../warehouse.ts';
import { type Arrived, findSuspects, readArrived } from './arrived.ts';
import { type Counted, type CountedBook, countOutcomes, type Outcome } from './count-outcomes.ts';
import { resolvedSql, sqlFile } from './sql-file.ts';
import { transaction } from './transaction.ts';

const sql = {
  arrived: sqlFile('arrived'),
  arrivedArchived: sqlFile('arrived-archived'),
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
  /** Of the last of all records, replays included: what the ledger remembers. */
  readonly lastAcceptedAtMs: number;
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

/** What to load: the segments, and the files that their records lie in. */
export interface Incoming {
  readonly segments: readonly SealedSegment[];
  readonly paths: readonly string[];
  /** `json`: the segment files themselves. `parquet`: files of the archive. */
  readonly format: 'json' | 'parquet';
}

/**
 * Loads segments. The rows move from file to tables in native code; what JavaScript sees is the keys, for the
 * filter that keeps most loads from searching the stored orders. When it says that every order is new, there is
 * nothing to rule on, and half of the statements are saved. What only reads comes before the transaction, because
 * what a transaction has made itself is read back by one thread alone. Nobody else may write meanwhile.
 *
 * @param transact how the transaction is run: one that is rolled back and throws leaves everything as it was
 */
export async function loadSegments(
  connection: DuckDBConnection,
  memory: Memory,
  incoming: Incoming,
  loadedAt: string,
  transact: typeof transaction = transaction,
): Promise<LoadedSegments> {
  const arrived = await readRecords(connection, incoming);
  return loadRecords(connection, memory, { segments: incoming.segments, arrived }, loadedAt, transact);
}

/** The first half of a load: brings the records into a table of this connection. Others may write meanwhile. */
export async function readRecords(connection: DuckDBConnection, { paths, format }: Incoming): Promise<Arrived> {
  await connection.run(format === 'json' ? sql.arrived : sql.arrivedArchived, { paths: listValue(paths) });
  return readArrived(connection);
}

/** What the first half of a load has brought. */
export interface ReadRecords {
  readonly segments: readonly SealedSegment[];
  readonly arrived: Arrived;
}

/** The second half of a load, on the connection of the first. */
export async function loadRecords(
  connection: DuckDBConnection,
  memory: Memory,
  { segments, arrived }: ReadRecords,
  loadedAt: string,
  transact: typeof transaction = transaction,
): Promise<LoadedSegments> {
  const suspects = findSuspects(arrived, memory.keys);
  const outcomes = suspects.length > 0 ? await rule(connection, suspects) : new Map<number, Outcome>();
  await connection.run(outcomes.size > 0 ? sql.resolvedRuled : sql.resolvedAll);
  const counted = countOutcomes(segments, arrived, outcomes);
  await transact(connection, async () => {
    await addCombinations(connection);
    if (some(outcomes.values(), (outcome) => outcome !== 'loaded')) await replace(connection);
    await connection.run(sql.insertHeads);
    await connection.run(sql.insertLines, { loaded_at: loadedAt });
    await changeQuarantine(connection, arrived, loadedAt);
    await keepBooks(connection, memory, counted, loadedAt);
  });
  for (const [at, high] of arrived.high.entries())
    if (arrived.type[at] === 'order') memory.keys.add(high, arrived.low[at] ?? 0);
  for (const book of counted.books) memory.books.add(bookKey(book));
  return {
    entries: counted.entries.map(({ firstAcceptedAtMs: _, lastAcceptedAtMs: __, sealedAtMs: ___, ...entry }) => entry),
    acceptedAtMs: arrived.acceptedAtMs.filter((_, at) => !arrived.replayed[at]),
    lastAcceptedAtMs: counted.entries.reduce((last, entry) => Math.max(last, entry.lastAcceptedAtMs), 0),
  };
}

async function replace(connection: DuckDBConnection): Promise<void> {
  await connection.run(sql.insertPastRecords);
  await connection.run(sql.deleteLines);
  await connection.run(sql.deleteHeads);
}

function some<T>(values: Iterable<T>, is: (value: T) => boolean): boolean {
  for (const value of values) if (is(value)) return true;
  return false;
}

async function changeQuarantine(connection: DuckDBConnection, arrived: Arrived, loadedAt: string): Promise<void> {
  if (arrived.type.includes('reject')) {
    await connection.run(sql.insertQuarantine);
    await connection.run(sql.countQuarantine);
  }
  if (arrived.type.includes('drop') || arrived.replayed.includes(true))
    await connection.run(sql.resolveQuarantine, { loaded_at: loadedAt });
}

/** Decides what becomes of the order records with these keys, by their place; all others are loaded. */
async function rule(connection: DuckDBConnection, suspects: readonly bigint[]): Promise<Map<number, Outcome>> {
  const keys = { keys: listValue(suspects) };
  const types = { keys: LIST(BIGINT) };
  await connection.run(sql.stored, keys, types);
  await connection.run(sql.ruled, keys, types);
  // Row ids of a transaction's own rows start beyond what a number holds exactly.
  const reader = await connection.runAndReadAll(
    'SELECT CAST(position - (SELECT MIN(rowid) FROM arrived) AS DOUBLE), outcome FROM ruled',
  );
  const [positions = [], outcomes = []] = reader.getColumnsJS() as [number[], Outcome[]];
  return new Map(positions.map((position, index) => [position, outcomes[index] ?? 'loaded']));
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
