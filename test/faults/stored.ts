import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { expect } from 'vitest';
import { expectedOf } from './orders.ts';
import type { Traffic } from './traffic.ts';

interface StoredOrder {
  readonly heads: number;
  readonly lines: number;
  readonly distinctLines: number;
  readonly netCents: number;
}

interface Stored {
  /** By order number. */
  readonly orders: ReadonlyMap<number, StoredOrder>;
  readonly ledger: Readonly<Record<'segments' | 'distinctSegments' | LedgerSum, number>>;
}

type LedgerSum = 'records' | 'loaded' | 'duplicates' | 'superseded' | 'quarantined';

const ordersSql = `
  WITH head AS (SELECT order_key, order_id, COUNT(*) AS heads FROM order_head WHERE source = 'default' GROUP BY ALL),
  line AS (
    SELECT order_key, COUNT(*) AS lines, COUNT(DISTINCT line) AS distinct_lines, SUM(net_cents) AS net_cents
    FROM order_line GROUP BY ALL)
  SELECT CAST(substr(order_id, 3) AS DOUBLE), CAST(heads AS DOUBLE), CAST(lines AS DOUBLE),
    CAST(distinct_lines AS DOUBLE), CAST(net_cents AS DOUBLE)
  FROM head FULL JOIN line USING (order_key)`;

const ledgerSql = `
  SELECT CAST(COUNT(*) AS DOUBLE) AS segments, CAST(COUNT(DISTINCT segment) AS DOUBLE) AS "distinctSegments",
    CAST(COALESCE(SUM(records), 0) AS DOUBLE) AS records, CAST(COALESCE(SUM(loaded), 0) AS DOUBLE) AS loaded,
    CAST(COALESCE(SUM(duplicates), 0) AS DOUBLE) AS duplicates,
    CAST(COALESCE(SUM(superseded), 0) AS DOUBLE) AS superseded,
    CAST(COALESCE(SUM(quarantined), 0) AS DOUBLE) AS quarantined
  FROM load_ledger`;

/** Reads the warehouse's file itself; no server may have it open. */
async function readStored(folder: string): Promise<Stored> {
  const path = join(folder, 'warehouse.duckdb');
  const instance = await DuckDBInstance.create(path, { access_mode: 'READ_ONLY' });
  const connection = await instance.connect();
  try {
    const rows = (await connection.runAndReadAll(ordersSql)).getRows() as number[][];
    const ledger = (await connection.runAndReadAll(ledgerSql)).getRowObjectsJS()[0];
    return {
      orders: new Map(
        rows.map(([number = -1, heads = 0, lines = 0, distinctLines = 0, netCents = 0]) => [
          number,
          { heads, lines, distinctLines, netCents },
        ]),
      ),
      ledger: ledger as Stored['ledger'],
    };
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/**
 * Holds the stopped warehouse against the senders' books: every acknowledged order is stored, nothing is stored
 * that was not sent, each order is there once with its own lines and cents, and the ledger adds up.
 */
export async function expectExactlyOnce(folder: string, traffic: Traffic): Promise<void> {
  const { orders, ledger } = await readStored(folder);
  const some = (numbers: Iterable<number>): number[] => [...numbers].slice(0, 10);
  const missing = [...traffic.acknowledged].filter((number) => !orders.has(number));
  const invented = [...orders.keys()].filter((number) => !traffic.sent.has(number));
  const wrong = [...orders].filter(([number, order]) => !isWhole(number, order)).map(([number]) => number);
  expect({ missing: missing.length, some: some(missing) }, 'acknowledged, not stored').toEqual({
    missing: 0,
    some: [],
  });
  expect(some(invented), 'stored, never sent').toEqual([]);
  expect(some(wrong), 'stored twice or in part').toEqual([]);
  expect(traffic.wrongAnswers.slice(0, 3), 'wrong answers').toEqual([]);
  expect(ledger.distinctSegments, 'segment files in the ledger').toBe(ledger.segments);
  expect(ledger.loaded, 'orders that the ledger counts as loaded').toBe(orders.size);
  expect(ledger.loaded + ledger.duplicates, 'outcomes in the ledger').toBe(ledger.records);
  expect(ledger.superseded + ledger.quarantined, 'nothing was amended or refused').toBe(0);
  expect(ledger.records, 'received records').toBeGreaterThanOrEqual(traffic.acknowledgedRecords);
  expect(ledger.records, 'received records').toBeLessThanOrEqual(traffic.sentRecords);
}

function isWhole(number: number, stored: StoredOrder): boolean {
  const { lines, netCents } = expectedOf(number);
  return stored.heads === 1 && stored.lines === lines && stored.distinctLines === lines && stored.netCents === netCents;
}
