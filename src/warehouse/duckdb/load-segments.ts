import { BIGINT, type DuckDBConnection, LIST, listValue } from '@duckdb/node-api';
import { parseCombination } from '../../contract/combination.ts';
import { combinationLabel } from '../../contract/combination-label.ts';
import type { SegmentFile } from '../../contract/segment-file.ts';
import type { KeyFilter } from '../key-filter.ts';
import type { LedgerEntry } from '../warehouse.ts';
import { resolvedSql, sqlFile } from './sql-file.ts';

const sql = {
  arrived: sqlFile('arrived'),
  stored: sqlFile('stored'),
  ruled: sqlFile('ruled'),
  resolved: resolvedSql('arrived'),
  newCombinations: sqlFile('new-combinations'),
  deleteLines: sqlFile('delete-replaced-lines'),
  deleteHeads: sqlFile('delete-replaced-heads'),
  insertHeads: sqlFile('insert-heads'),
  insertLines: sqlFile('insert-lines'),
  insertQuarantine: sqlFile('insert-quarantine'),
  insertLedger: sqlFile('insert-ledger'),
};

/** The order keys of a load, halved, and when its records were accepted. */
interface Arrived {
  readonly high: readonly number[];
  readonly low: readonly number[];
  readonly acceptedAtMs: readonly number[];
  readonly rejects: boolean;
}

export interface LoadedSegments {
  readonly entries: LedgerEntry[];
  readonly acceptedAtMs: readonly number[];
  /** Makes the filter know the new keys; to be called once the transaction is committed. */
  remember(): void;
}

/**
 * Loads segment files inside the caller's transaction. The rows move from file to tables in native code; what
 * JavaScript sees is the keys, for the filter that keeps most loads from searching the stored orders.
 */
export async function loadSegments(
  connection: DuckDBConnection,
  filter: KeyFilter,
  segments: readonly SegmentFile[],
  loadedAt: string,
): Promise<LoadedSegments> {
  await connection.run(sql.arrived, { paths: listValue(segments.map((file) => file.path)) });
  const arrived = await readArrived(connection);
  const suspects = arrived.high.flatMap((high, index) => {
    const low = arrived.low[index] ?? 0;
    return filter.mayHave(high, low) ? [joinHalves(high, low)] : [];
  });
  await connection.run(sql.stored, { keys: listValue(suspects) }, { keys: LIST(BIGINT) });
  await connection.run(sql.ruled);
  await connection.run(sql.resolved);
  await addCombinations(connection);
  if (suspects.length > 0) {
    await connection.run(sql.deleteLines);
    await connection.run(sql.deleteHeads);
  }
  await connection.run(sql.insertHeads);
  await connection.run(sql.insertLines, { loaded_at: loadedAt });
  if (arrived.rejects) await connection.run(sql.insertQuarantine);
  const ledger = await connection.runAndReadAll(sql.insertLedger, { loaded_at: loadedAt });
  return {
    entries: ledger.getRowObjectsJS().map(ledgerEntry),
    acceptedAtMs: arrived.acceptedAtMs,
    remember: () => {
      for (const [index, high] of arrived.high.entries()) filter.add(high, arrived.low[index] ?? 0);
    },
  };
}

async function readArrived(connection: DuckDBConnection): Promise<Arrived> {
  const reader = await connection.runAndReadAll(`
    SELECT CAST(order_key >> 32 AS INTEGER) AS high, CAST((order_key & 4294967295) - 2147483648 AS INTEGER) AS low,
      CAST(epoch_ms(accepted_at) AS DOUBLE) AS accepted_at_ms, type = 'reject' AS reject
    FROM arrived`);
  const [high = [], low = [], acceptedAtMs = [], reject = []] = reader.getColumnsJS() as [
    number[],
    number[],
    number[],
    boolean[],
  ];
  if (!reject.includes(true)) return { high, low, acceptedAtMs, rejects: false };
  const isOrder = (_: unknown, index: number): boolean => reject[index] === false;
  return { high: high.filter(isOrder), low: low.filter(isOrder), acceptedAtMs, rejects: true };
}

/** The inverse of the SQL that halves a key. */
function joinHalves(high: number, low: number): bigint {
  return (BigInt(high) << 32n) | BigInt(low + 2_147_483_648);
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

function ledgerEntry(row: Record<string, unknown>): LedgerEntry {
  const number = (name: string): number => Number(row[name]);
  return {
    segment: number('segment'),
    records: number('records'),
    loaded: number('loaded'),
    duplicates: number('duplicates'),
    superseded: number('superseded'),
    quarantined: number('quarantined'),
    replaced: number('replaced'),
  };
}
