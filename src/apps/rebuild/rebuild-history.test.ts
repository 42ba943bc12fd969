import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anOrder, aPizza, delivered } from '../../../test/support/orders.ts';
import { runs } from '../../../test/support/property.ts';
import { writeSegment } from '../../../test/support/segments.ts';
import { temporaryFolders } from '../../../test/support/temporary-folders.ts';
import { allReports, allRows } from '../../../test/support/warehouse-rows.ts';
import type { DeliveredRecord } from '../../contract/delivered-order.ts';
import { readConfig } from '../../runtime/config.ts';
import { createLog } from '../../runtime/log.ts';
import { DuckdbWarehouse } from '../../warehouse/duckdb/duckdb-warehouse.ts';
import { type Archiving, openArchiving } from '../archiving.ts';
import { dataFolder } from '../data-folder.ts';
import { rebuildWarehouse } from './rebuild-warehouse.ts';

const newFolder = temporaryFolders();

const anId = fc.constantFrom('q-1', 'q-2', 'q-3');
const order = fc
  .record({
    order_id: fc.constantFrom('A-1', 'A-2', 'A-3', 'A-4'),
    revision: fc.integer({ min: 1, max: 3 }),
    status: fc.constantFrom('placed' as const, 'placed' as const, 'voided' as const),
    store_id: fc.constantFrom('s-1', 's-2', 's-3'),
    customer_id: fc.constantFrom('c-1', 'c-2', 'c-3'),
    hour: fc.integer({ min: 0, max: 72 }),
    quantity: fc.integer({ min: 1, max: 9 }),
    topping: fc.constantFrom('ham', 'onions', 'corn'),
    isDelivered: fc.boolean(),
    source: fc.constantFrom('till', 'web'),
    replays: fc.option(anId, { nil: undefined, freq: 6 }),
    acceptedHour: fc.integer({ min: 0, max: 60 }),
  })
  .map(({ hour, quantity, topping, isDelivered, source, replays, acceptedHour, ...rest }): DeliveredRecord => {
    const place = isDelivered ? { state: 'ny', zip: '10001' } : {};
    const ordered_at = new Date(Date.UTC(2026, 2, 7, hour)).toISOString().replace('Z', '+00:00');
    const lines = [aPizza({ quantity, toppings: [topping] }), aPizza({ kind: 'side' })];
    const record = delivered(
      anOrder({ ...rest, ordered_at, deliver_to: place, lines }),
      source,
      Date.UTC(2026, 2, 9, acceptedHour),
    );
    return replays === undefined ? record : { ...record, replays };
  });
const reject = fc.record({ quarantine_id: anId, acceptedHour: fc.integer({ min: 0, max: 60 }) }).map(
  ({ quarantine_id, acceptedHour }): DeliveredRecord => ({
    type: 'reject',
    quarantine_id,
    source: 'till',
    code: 'malformed_json',
    reason: 'It is not valid JSON.',
    origin: null,
    bytes: 'ew==',
    accepted_at_ms: Date.UTC(2026, 2, 9, acceptedHour),
  }),
);
const drop = anId.map((quarantine_id): DeliveredRecord => {
  return { type: 'drop', quarantine_id, accepted_at_ms: Date.UTC(2026, 2, 12) };
});
const stores = fc.record({ store_id: fc.constantFrom('s-1', 's-2'), state: fc.constantFrom('TX', 'CA', 'HI') });
const customers = fc.record({ customer_id: fc.constantFrom('c-1', 'c-2'), home_state: fc.constantFrom('WY', 'TX') });

const history = fc.record({
  /** Segment files as they were loaded together. */
  loads: fc.array(
    fc.array(fc.array(fc.oneof({ arbitrary: order, weight: 6 }, reject, drop), { minLength: 1, maxLength: 6 }), {
      minLength: 1,
      maxLength: 3,
    }),
    { minLength: 1, maxLength: 6 },
  ),
  /** Reference data that comes before the load of that number; a load of its own each. */
  facts: fc.array(fc.record({ before: fc.nat({ max: 6 }), fact: fc.oneof(stores, customers) }), { maxLength: 6 }),
  /** After so many loads everything that was loaded is archived. */
  archivedAfter: fc.uniqueArray(fc.nat({ max: 6 }), { maxLength: 3 }),
});
type History = typeof history extends fc.Arbitrary<infer Value> ? Value : never;
type Fact = History['facts'][number]['fact'];

async function tell({ reference }: Archiving, folder: string, fact: Fact): Promise<void> {
  const path = join(folder, 'fact.ndjson');
  if ('store_id' in fact) {
    writeFileSync(path, JSON.stringify({ ...fact, time_zone: 'America/Chicago', closeout_hour: 4, position: 1 }));
    return reference.upsertStores(path);
  }
  writeFileSync(path, JSON.stringify({ ...fact, position: 1 }));
  return reference.upsertCustomers(path);
}

/** Loads and archives the history in a data folder, the way a house does. */
async function play(folder: string, past: History, warehouse: DuckdbWarehouse, archiving: Archiving): Promise<void> {
  let sequence = 0;
  for (const [index, lists] of past.loads.entries()) {
    for (const { before, fact } of past.facts) if (before === index) await tell(archiving, folder, fact);
    const segments = lists.map((records) => {
      sequence += 1;
      return writeSegment(join(folder, 'segments'), sequence, records);
    });
    await warehouse.load(segments);
    archiving.archive.keep(segments);
    if (past.archivedAfter.includes(index)) await archiving.archive.archiveAll();
  }
  for (const { before, fact } of past.facts) if (before >= past.loads.length) await tell(archiving, folder, fact);
}

const open = (folder: string): Promise<DuckdbWarehouse> =>
  DuckdbWarehouse.open({ path: join(folder, 'warehouse.duckdb'), folder, memoryLimitMb: 512 });

describe('a warehouse that is made anew', () => {
  it('is the same in every report, book, record and quarantine, for any history', { timeout: 3_600_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(history, async (past) => {
        const path = newFolder();
        mkdirSync(join(path, 'segments'));
        const flags = { dataDir: path, memoryMegabytes: 512 };
        const config = readConfig({ flags, environment: {}, file: undefined });
        const before = await open(path);
        const options = { folder: dataFolder(path), config, warehouse: before, log: createLog('silent') };
        const archiving = await openArchiving(options);
        await archiving.archive.begin(async () => []);
        await play(path, past, before, archiving);
        const [reports, rows, status] = [await allReports(before), await allRows(before), before.status()];
        await archiving.archive.close();
        await before.close();

        await rebuildWarehouse(config);
        const after = await open(path);
        try {
          expect(await allRows(after)).toEqual(rows);
          expect(await allReports(after)).toEqual(reports);
          expect(after.status()).toMatchObject({
            lastSegment: status.lastSegment,
            visibleThrough: status.visibleThrough,
          });
          expect(after.status().dataVersion).toBeGreaterThan(status.dataVersion);
        } finally {
          await after.close();
        }
      }),
      runs(15, 300),
    );
  });
});
