import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readBooks } from '../../src/api/books.ts';
import type { DeliveredRecord } from '../../src/contract/delivered-order.ts';
import type { Order } from '../../src/contract/order.ts';
import { runDataChecks } from '../../src/refresh/data-checks.ts';
import { RunLedger } from '../../src/refresh/run-ledger.ts';
import { DuckdbWarehouse } from '../../src/warehouse/duckdb/duckdb-warehouse.ts';
import { QuarantinedRecords, removeResolvedQuarantine } from '../../src/warehouse/quarantined-records.ts';
import type { Warehouse } from '../../src/warehouse/warehouse.ts';
import { WarehouseBench } from '../../test/conformance/warehouse-bench.ts';
import { orderOfChoice } from '../../test/support/book-traffic.ts';
import { delivered } from '../../test/support/orders.ts';
import { allReports } from '../../test/support/warehouse-rows.ts';
import { RedshiftWarehouses } from './support/redshift-warehouse.ts';

const startMs = Date.UTC(2026, 5, 20);

/** Records of 12 segments: revisions in any order, voids, duplicates, rejects, drops and replays. */
const segments: DeliveredRecord[][] = Array.from({ length: 12 }, (_, segment) =>
  Array.from({ length: 40 }, (_, index): DeliveredRecord => {
    const number = segment * 40 + index;
    const acceptedAtMs = startMs + number * 3_600_000;
    const quarantine_id = `q-${number % 23}`;
    if (number % 11 === 3) return rejectOf(quarantine_id, acceptedAtMs);
    if (number % 29 === 17) return { type: 'drop', quarantine_id, accepted_at_ms: acceptedAtMs };
    const order = (number * 7) % 150;
    const choice = {
      order,
      revision: 1 + ((number * 5) % 3),
      voided: number % 13 === 5,
      store: order % 5,
      lines: 1 + (number % 4),
    };
    const record = delivered(orderOfChoice(choice) as Order, order % 2 === 0 ? 'till' : 'web', acceptedAtMs);
    return number % 31 === 30 ? { ...record, replays: quarantine_id } : record;
  }),
);

function rejectOf(quarantine_id: string, accepted_at_ms: number): DeliveredRecord {
  const bytes = Buffer.from(`{${quarantine_id}`).toString('base64');
  return {
    type: 'reject',
    quarantine_id,
    source: 'till',
    code: 'malformed_json',
    reason: 'It is none.',
    origin: null,
    bytes,
    accepted_at_ms,
  };
}

/** The rows of every table that is made from records and reference data, without inner numbers and times of loading. */
const tables = [
  `SELECT CAST(order_key AS VARCHAR(32)) AS key, source, order_id, revision, status, ordered_at, utc_offset_minutes,
    business_date, store_id, customer_id, channel, market_state, deliver_state, deliver_city, deliver_zip, promised_at,
    completed_at, net_cents, accepted_at, segment FROM order_head ORDER BY source, order_id`,
  `SELECT CAST(l.order_key AS VARCHAR(32)) AS key, l.line, l.ordered_at, l.business_date, l.local_hour, l.local_weekday,
    l.market_state, l.store_id, l.city, l.zip, l.channel, l.customer_id, l.kind, l.menu_item, c.combination, l.size,
    l.quantity, l.gross_cents, l.discount_cents, l.net_cents, l.accepted_at, l.segment,
    CAST(l.customer_key AS VARCHAR(32)) AS customer_key
    FROM order_line l LEFT JOIN combination c ON c.combination_id = l.combination_id ORDER BY l.order_key, l.line`,
  `SELECT CAST(order_key AS VARCHAR(32)) AS key, source, order_id, revision, status, outcome, accepted_at, segment
    FROM past_record ORDER BY source, order_id, segment, revision, status, accepted_at`,
  'SELECT combination, label, crust, sauce, cheese, toppings FROM combination ORDER BY combination',
  'SELECT * FROM book ORDER BY day, source',
  `SELECT segment, records, loaded, duplicates, superseded, quarantined, replaced, first_accepted_at, last_accepted_at,
    dropped FROM load_ledger ORDER BY segment`,
  `SELECT quarantine_id, source, code, reason, origin, bytes, accepted_at, segment, arrivals, status,
    CASE WHEN resolved_at IS NULL THEN 1 ELSE 0 END AS is_open FROM quarantine ORDER BY quarantine_id`,
  'SELECT * FROM store ORDER BY store_id, valid_from',
  'SELECT * FROM customer ORDER BY customer_id, valid_from',
  'SELECT * FROM menu_item ORDER BY menu_item_id',
];

/** The same history for both: stores and customers arrive between loads, move, go and come back. */
async function live(bench: WarehouseBench): Promise<void> {
  const { warehouse } = bench;
  const send = (rows: readonly object[]): string => {
    const path = join(bench.folder, 'sent.ndjson');
    writeFileSync(path, rows.map((row, position) => JSON.stringify({ ...row, position })).join('\n'));
    return path;
  };
  await bench.load(...segments.slice(0, 4));
  await bench.putStores(
    { store_id: 's-1', state: 'CA', closeout_hour: 2 },
    { store_id: 's-2', state: 'NY', city: 'Troy' },
  );
  await bench.putCustomers({ customer_id: 'c-1', home: { state: 'TX', city: 'Waco' } }, { customer_id: 'c-2' });
  await bench.load(...segments.slice(4, 7));
  await bench.putStores(
    { store_id: 's-1', state: 'AZ', valid_from: '2026-03-01T00:00:00-07:00' },
    { store_id: 's-3', state: 'HI' },
  );
  await bench.putCustomers({ customer_id: 'c-1', home: { state: 'MN' }, valid_from: '1960-04-01T00:00:00Z' });
  const gone = { gone: true, changed_at: '2026-05-01T00:00:00.000Z', origin: 'erp' };
  await warehouse.upsertStores(
    send([
      { store_id: 's-2', ...gone },
      { store_id: 's-9', ...gone },
    ]),
  );
  await bench.load(...segments.slice(7));
  await warehouse.upsertStores(
    send([{ store_id: 's-2', state: 'NJ', time_zone: 'America/New_York', closeout_hour: 4, origin: 'erp' }]),
  );
  await warehouse.replaceMenuItems(
    send([
      { menu_item_id: 'm', menu_item: 'Old' },
      { menu_item_id: 'm', menu_item: 'New', unit_cost_cents: 210 },
    ]),
  );
}

const folder = mkdtempSync(join(tmpdir(), 'slicehouse-test-'));
let warehouses: RedshiftWarehouses;
let redshift: WarehouseBench;
let duckdb: WarehouseBench;
beforeAll(async () => {
  warehouses = await RedshiftWarehouses.start();
  redshift = await new WarehouseBench((name) => warehouses.open(name), folder, warehouses.segments).open();
  duckdb = await new WarehouseBench(
    (name) => DuckdbWarehouse.open({ path: join(name, 'warehouse.duckdb'), folder: name, memoryLimitMb: 512 }),
    folder,
  ).open();
  for (const bench of [redshift, duckdb]) await live(bench);
});
afterAll(async () => {
  await redshift.close();
  await duckdb.close();
  await warehouses.stop();
  rmSync(folder, { recursive: true });
});

/** Asks both warehouses the same. */
async function both<T>(ask: (warehouse: Warehouse) => Promise<T>): Promise<[inRedshift: T, inDuckdb: T]> {
  return [await ask(redshift.warehouse), await ask(duckdb.warehouse)];
}

describe('the same history in Redshift and in DuckDB', () => {
  it('gives the same rows of every report', async () => {
    const [inRedshift, inDuckdb] = await both(allReports);
    expect(Object.values(inDuckdb).every((rows) => rows.length > 0)).toBe(true);
    expect(inRedshift).toEqual(inDuckdb);
  });

  it.each(tables.map((sql) => [/FROM (\w+)/.exec(sql)?.[1], sql]))(
    'leaves the same rows in %s',
    async (_table, sql = '') => {
      const [inRedshift, inDuckdb] = await both((warehouse) => warehouse.query(sql));
      expect(inDuckdb.length).toBeGreaterThan(0);
      expect(inRedshift).toEqual(inDuckdb);
    },
  );

  it('leaves the same status', async () => {
    expect(redshift.warehouse.status()).toEqual(duckdb.warehouse.status());
  });

  it('gives the same books, data checks and quarantined records', async () => {
    const [books, others] = await both((warehouse) => readBooks(warehouse, 3, startMs));
    expect(books).toEqual(others);
    const [checks, otherChecks] = await both((warehouse) => runDataChecks(warehouse, '2026-06-15'));
    expect(checks).toEqual(otherChecks);
    expect(checks.filter(({ message }) => /could not run/.test(message))).toEqual([]);
    const waiting = (warehouse: Warehouse) =>
      new QuarantinedRecords(warehouse).waiting(
        { source: 'till' },
        { after: undefined, untilMs: startMs * 2, limit: 4 },
      );
    const [places, otherPlaces] = await both(waiting);
    expect(places).toHaveLength(4);
    expect(places).toEqual(otherPlaces);
    const [read, otherRead] = await both((warehouse) => new QuarantinedRecords(warehouse).read(places));
    expect(read).toEqual(otherRead);
  });

  it('finds the same ids missing', async () => {
    const path = join(folder, 'ids.ndjson');
    writeFileSync(path, '{"store_id":"s-3"}');
    expect(await both((warehouse) => warehouse.findMissing('stores', path, 'erp'))).toEqual([['s-2'], ['s-2']]);
    expect(await both((warehouse) => warehouse.findMissing('stores', path, 'till'))).toEqual([[], []]);
  });

  it('keeps the same ledger of refreshes, and forgets resolved records alike', async () => {
    const [runs, others] = await both(async (warehouse) => {
      const ledger = new RunLedger(warehouse, () => startMs);
      const run = {
        runId: 'r-1',
        businessDate: '2026-06-15',
        scheduledAtMs: startMs,
        trigger: 'schedule',
        missedDates: 0,
      } as const;
      await ledger.begin(run);
      await ledger.beginStep('r-1', 1, 'sources');
      await ledger.closeInterrupted();
      await removeResolvedQuarantine(warehouse, new Date(Date.now() + 60_000));
      const [left] = await warehouse.query('SELECT COUNT(*) AS records, MIN(status) AS status FROM quarantine');
      return [
        await ledger.newest(5),
        await ledger.lastDone(),
        await ledger.attempts({ scheduledAtMs: startMs } as never),
        left,
      ];
    });
    expect(runs).toMatchObject([[{ run_id: 'r-1', status: 'interrupted' }], null, {}, { status: 'waiting' }]);
    expect(runs).toEqual(others);
  });
});
