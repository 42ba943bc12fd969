import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WarehouseBench } from '../../test/conformance/warehouse-bench.ts';
import { anOrder, delivered } from '../../test/support/orders.ts';
import { temporaryFolders } from '../../test/support/temporary-folders.ts';
import type { CheckResult } from '../contract/refresh.ts';
import { DuckdbWarehouse } from '../warehouse/duckdb/duckdb-warehouse.ts';
import { dataChecks, runDataChecks } from './data-checks.ts';

const today = '2026-06-30';
const days = Array.from({ length: 36 }, (_, ago) =>
  new Date(Date.parse(today) - ago * 86_400_000).toISOString().slice(0, 10),
);
const newFolder = temporaryFolders();

/** A healthy chain of two stores over five weeks, ten orders a day. */
async function healthy(): Promise<WarehouseBench> {
  const open = (folder: string): Promise<DuckdbWarehouse> =>
    DuckdbWarehouse.open({ path: join(folder, 'warehouse.duckdb'), folder, memoryLimitMb: 512 });
  const bench = await new WarehouseBench(open, newFolder()).open();
  await bench.putStores({ store_id: 's-1', state: 'TX' }, { store_id: 's-2', state: 'CA' });
  await bench.putCustomers({ customer_id: 'c-1', home: { state: 'TX' } });
  const orders = days.flatMap((day) =>
    Array.from({ length: 10 }, (_, id) =>
      delivered(
        anOrder({
          order_id: `${day}-${id}`,
          store_id: `s-${1 + (id % 2)}`,
          customer_id: 'c-1',
          ordered_at: `${day}T20:00:00Z`,
        }),
      ),
    ),
  );
  await bench.load(orders);
  return bench;
}

/** What is done to the healthy chain, and which checks must say so, with their worst status. */
const breakages: ReadonlyArray<
  readonly [what: string, sql: string, found: Readonly<Record<string, CheckResult['status']>>]
> = [
  [
    'most orders of yesterday missing',
    `DELETE FROM order_line WHERE business_date = DATE '2026-06-29' AND order_key % 10 <> 0`,
    { 'orders-against-weekday': 'failed', 'orders-against-yesterday': 'warned', 'revenue-against-weekday': 'failed' },
  ],
  [
    'three times the orders of yesterday',
    `INSERT INTO order_line SELECT * FROM order_line WHERE business_date IN (DATE '2026-06-29')
      UNION ALL SELECT * FROM order_line WHERE business_date IN (DATE '2026-06-29')`,
    { 'orders-against-weekday': 'warned', 'revenue-against-weekday': 'warned' },
  ],
  ['prices in the wrong unit', 'UPDATE order_line SET net_cents = net_cents * 100', { 'revenue-per-pizza': 'warned' }],
  [
    'a store that fell silent',
    `DELETE FROM order_line WHERE store_id = 's-2' AND business_date = DATE '2026-06-29'`,
    { 'stores-without-orders': 'warned', 'orders-against-weekday': 'warned' },
  ],
  ['guests only', 'UPDATE order_line SET customer_id = NULL', { 'guest-share': 'warned' }],
  ['no states', `UPDATE order_line SET market_state = 'unresolved'`, { 'unresolved-share': 'failed' }],
  ['stores nobody knows', `DELETE FROM store WHERE store_id = 's-1'`, { 'unknown-stores': 'warned' }],
  ['customers nobody knows', `UPDATE customer SET customer_id = 'c-2'`, { 'unknown-customers': 'warned' }],
  [
    'a negative price',
    `UPDATE order_line SET net_cents = -1 WHERE business_date = DATE '2026-06-01' AND order_key % 10 = 0`,
    { 'negative-amounts': 'failed' },
  ],
  [
    'orders of next week',
    `UPDATE order_line SET business_date = DATE '2026-07-07' WHERE business_date = DATE '2026-06-01'`,
    { 'future-dates': 'warned' },
  ],
  [
    'many rejects',
    `INSERT INTO quarantine SELECT 'q-' || i, 'till', 'invalid_order', '', NULL, '', TIMESTAMP '2026-06-29', 1, 1, 'waiting', NULL FROM range(200) r(i)`,
    { 'waiting-in-quarantine': 'warned' },
  ],
  ['a changed book', 'UPDATE book SET loaded = loaded - 1', { 'books-out-of-balance': 'failed' }],
  ['a lost order', `DELETE FROM order_head WHERE order_id = '2026-06-29-1'`, { 'heads-against-books': 'failed' }],
];

describe('the data checks', () => {
  let bench: WarehouseBench;
  beforeAll(async () => {
    bench = await healthy();
  });
  afterAll(() => bench.close());

  it('have a statement each, and no statement without a check', () => {
    const files = readdirSync(new URL('./checks/', import.meta.url)).map((name) => name.replace(/\.sql$/, ''));
    expect(files.sort()).toEqual(dataChecks.map(({ name }) => name).sort());
  });

  it('pass on a healthy chain, and on an empty warehouse', async () => {
    const results = await runDataChecks(bench.warehouse, today);
    expect(results.filter(({ status }) => status !== 'passed')).toEqual([]);
    expect(results.map(({ name }) => name)).toEqual(dataChecks.map(({ name }) => name));
    const empty = (await runDataChecks(bench.warehouse, '2020-01-01')).filter(({ status }) => status === 'failed');
    expect(empty).toEqual([]);
  });

  it.each(breakages)('find %s', async (_what, sql, found) => {
    const broken = await healthy();
    try {
      await broken.warehouse.write([{ sql, parameters: {} }]);
      const results = await runDataChecks(broken.warehouse, today);
      const seen = Object.fromEntries(results.map(({ name, status }) => [name, status]));
      expect(seen).toMatchObject(found);
    } finally {
      await broken.close();
    }
  });

  it('each can be made to speak', () => {
    const spoken = new Set(breakages.flatMap(([, , found]) => Object.keys(found)));
    expect([...spoken].sort()).toEqual(dataChecks.map(({ name }) => name).sort());
  });

  it('count as failed when they cannot run', async () => {
    const [check] = dataChecks;
    const missing = { ...check, name: 'no-such-check' } as (typeof dataChecks)[number];
    expect(await runDataChecks(bench.warehouse, today, [missing])).toMatchObject([{ status: 'failed' }]);
  });
});
