import { BIGINT, type DuckDBConnection, LIST, listValue } from '@duckdb/node-api';
import { parseCombination } from '../../contract/combination.ts';
import { combinationLabel } from '../../contract/combination-label.ts';
import type { SegmentFile } from '../../contract/segment-file.ts';
import type { KeyFilter } from '../key-filter.ts';
import type { LedgerEntry } from '../warehouse.ts';
import { findSuspects, readArrived } from './arrived.ts';
import { type CountedEntry, countOutcomes, type Outcome } from './count-outcomes.ts';
import { resolvedSql, sqlFile } from './sql-file.ts';

const sql = {
  arrived: sqlFile('arrived'),
  stored: sqlFile('stored'),
  ruled: sqlFile('ruled'),
  resolvedAll: resolvedSql('arrived'),
  resolvedRuled: resolvedSql('ruled'),
  newCombinations: sqlFile('new-combinations'),
  deleteLines: sqlFile('delete-replaced-lines'),
  deleteHeads: sqlFile('delete-replaced-heads'),
  insertHeads: sqlFile('insert-heads'),
  insertLines: sqlFile('insert-lines'),
  insertQuarantine: sqlFile('insert-quarantine'),
  insertLedger: sqlFile('insert-ledger'),
};

export interface LoadedSegments {
  readonly entries: LedgerEntry[];
  readonly acceptedAtMs: readonly number[];
  /** Makes the filter know the new keys; to be called once the transaction is committed. */
  remember(): void;
}

/**
 * Loads segment files inside the caller's transaction. The rows move from file to tables in native code; what
 * JavaScript sees is the keys, for the filter that keeps most loads from searching the stored orders. When it
 * says that every order is new, there is nothing to rule on, and half of the statements are saved.
 */
export async function loadSegments(
  connection: DuckDBConnection,
  filter: KeyFilter,
  segments: readonly SegmentFile[],
  loadedAt: string,
): Promise<LoadedSegments> {
  await connection.run(sql.arrived, { paths: listValue(segments.map((file) => file.path)) });
  const arrived = await readArrived(connection);
  const suspects = findSuspects(arrived, filter);
  const outcomes =
    suspects.stored.length > 0 || suspects.repeated ? await rule(connection, suspects.stored) : undefined;
  await connection.run(outcomes ? sql.resolvedRuled : sql.resolvedAll);
  await addCombinations(connection);
  if (outcomes?.includes('replacing')) {
    await connection.run(sql.deleteLines);
    await connection.run(sql.deleteHeads);
  }
  await connection.run(sql.insertHeads);
  await connection.run(sql.insertLines, { loaded_at: loadedAt });
  if (arrived.reject.includes(true)) await connection.run(sql.insertQuarantine);
  const entries = countOutcomes(arrived, outcomes);
  await insertLedger(connection, entries, loadedAt);
  return {
    entries: entries.map(({ firstAcceptedAtMs: _, lastAcceptedAtMs: __, ...entry }) => entry),
    acceptedAtMs: arrived.acceptedAtMs,
    remember: () => {
      for (const [at, high] of arrived.high.entries()) if (!arrived.reject[at]) filter.add(high, arrived.low[at] ?? 0);
    },
  };
}

/** Decides what becomes of each record; null for rejects. */
async function rule(connection: DuckDBConnection, stored: readonly bigint[]): Promise<Outcome[]> {
  await connection.run(sql.stored, { keys: listValue(stored) }, { keys: LIST(BIGINT) });
  await connection.run(sql.ruled);
  const reader = await connection.runAndReadAll(`
    SELECT CASE WHEN r.outcome = 'loaded' AND r.replaces IS NOT NULL THEN 'replacing' ELSE r.outcome END
    FROM arrived a LEFT JOIN ruled r ON r.position = a.rowid ORDER BY a.rowid`);
  return (reader.getColumnsJS()[0] ?? []) as Outcome[];
}

async function insertLedger(
  connection: DuckDBConnection,
  entries: readonly CountedEntry[],
  loadedAt: string,
): Promise<void> {
  await connection.run(sql.insertLedger, { entries: JSON.stringify(entries), loaded_at: loadedAt });
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
