import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { expect } from 'vitest';
import { expectedOf } from './orders.ts';
import type { Traffic } from './traffic.ts';

interface StoredOrder {
  readonly number: number;
  readonly heads: number;
  readonly lines: number;
  readonly distinctLines: number;
  readonly netCents: number;
}

type Ledger = Readonly<Record<'segments' | 'distinctSegments' | LedgerSum, number>>;

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

/** Reads the warehouse's file itself, order by order; no server may have it open. */
async function readStored(folder: string, onOrder: (order: StoredOrder) => void): Promise<Ledger> {
  const path = join(folder, 'warehouse.duckdb');
  const instance = await DuckDBInstance.create(path, { access_mode: 'READ_ONLY' });
  const connection = await instance.connect();
  try {
    const result = await connection.stream(ordersSql);
    for (let chunk = await result.fetchChunk(); chunk && chunk.rowCount > 0; chunk = await result.fetchChunk()) {
      for (const [number = -1, heads = 0, lines = 0, distinctLines = 0, netCents = 0] of chunk.getRows() as number[][])
        onOrder({ number, heads, lines, distinctLines, netCents });
    }
    return (await connection.runAndReadAll(ledgerSql)).getRowObjectsJS()[0] as Ledger;
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/**
 * Holds the stopped warehouse against the senders' books: every acknowledged order is stored, nothing is stored
 * that was not sent, each order is there once with its own lines and cents, and the ledger adds up.
 *
 * @param aside acknowledged orders whose records were damaged on disk: they lie in quarantine instead
 */
export async function expectExactlyOnce(
  folder: string,
  traffic: Traffic,
  aside: ReadonlySet<number> = new Set(),
): Promise<void> {
  const missing = new Set(traffic.acknowledged);
  const [invented, wrong]: [number[], number[]] = [[], []];
  let orders = 0;
  const ledger = await readStored(folder, (order) => {
    orders += 1;
    missing.delete(order.number);
    if (!traffic.sent.has(order.number)) invented.push(order.number);
    if (!isWhole(order)) wrong.push(order.number);
  });
  expect(some(missing), 'acknowledged, not stored').toEqual(some(aside));
  expect(missing.size, 'acknowledged, not stored').toBe(aside.size);
  expect(some(invented), 'stored, never sent').toEqual([]);
  expect(some(wrong), 'stored twice or in part').toEqual([]);
  expect(traffic.wrongAnswers.slice(0, 3), 'wrong answers').toEqual([]);
  expect(ledger.distinctSegments, 'segment files in the ledger').toBe(ledger.segments);
  expect(ledger.loaded, 'orders that the ledger counts as loaded').toBe(orders);
  expect(ledger.loaded + ledger.duplicates + ledger.quarantined, 'outcomes in the ledger').toBe(ledger.records);
  expect(ledger.superseded, 'nothing was amended').toBe(0);
  expect(ledger.quarantined, 'records that were damaged').toBe(aside.size);
  expect(ledger.records, 'received records').toBeGreaterThanOrEqual(traffic.acknowledgedRecords);
  expect(ledger.records, 'received records').toBeLessThanOrEqual(traffic.sentRecords);
}

function some(numbers: Iterable<number>): number[] {
  return [...numbers].sort((a, b) => a - b).slice(0, 10);
}

function isWhole({ number, heads, ...stored }: StoredOrder): boolean {
  const { lines, netCents } = expectedOf(number);
  return heads === 1 && stored.lines === lines && stored.distinctLines === lines && stored.netCents === netCents;
}
