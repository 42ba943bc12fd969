import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { WarehouseBench } from '../../test/conformance/warehouse-bench.ts';
import { temporaryFolders } from '../../test/support/temporary-folders.ts';
import type { DeliveredReject } from '../contract/delivered-order.ts';
import { DuckdbWarehouse } from './duckdb/duckdb-warehouse.ts';
import { QuarantinedRecords, removeResolvedQuarantine } from './quarantined-records.ts';

const newFolder = temporaryFolders();
let bench: WarehouseBench;
const open = async (): Promise<WarehouseBench> => {
  bench = await new WarehouseBench(
    (folder) => DuckdbWarehouse.open({ path: join(folder, 'warehouse.duckdb'), folder, memoryLimitMb: 512 }),
    newFolder(),
  ).open();
  return bench;
};
afterEach(() => bench.close());

const startMs = Date.UTC(2026, 1, 9);
const reject = (id: string, acceptedAtMs = startMs, changes: Partial<DeliveredReject> = {}): DeliveredReject => ({
  type: 'reject',
  quarantine_id: id,
  source: 'till',
  code: 'malformed_json',
  reason: 'It is none.',
  origin: null,
  bytes: Buffer.from(id).toString('base64'),
  accepted_at_ms: acceptedAtMs,
  ...changes,
});
const drop = (id: string) => ({ type: 'drop', quarantine_id: id, accepted_at_ms: startMs }) as const;
const everything = { after: undefined, untilMs: startMs + 1_000, limit: 100 };

describe('records in quarantine', () => {
  it('come the oldest first, those of one time by id, from any place on', async () => {
    const { warehouse } = await open();
    const rejects = [
      reject('c', startMs + 2),
      reject('b', startMs + 1),
      reject('d', startMs + 1),
      reject('a', startMs + 3),
    ];
    await bench.load(rejects);
    const records = new QuarantinedRecords(warehouse);
    const all = await records.waiting({}, everything);
    expect(all.map(({ id }) => id)).toEqual(['b', 'd', 'c', 'a']);
    for (const [index, place] of all.entries())
      expect(await records.waiting({}, { ...everything, after: place })).toEqual(all.slice(index + 1));
    expect(await records.waiting({}, { ...everything, untilMs: startMs + 2, limit: 2 })).toEqual(all.slice(0, 2));
  });

  it('are narrowed by code and source', async () => {
    const { warehouse } = await open();
    await bench.load([reject('a'), reject('b', startMs, { code: 'odd' }), reject('c', startMs, { source: 'web' })]);
    const records = new QuarantinedRecords(warehouse);
    const ids = async (selection: object) => (await records.waiting(selection, everything)).map(({ id }) => id);
    expect(await ids({ code: 'odd' })).toEqual(['b']);
    expect(await ids({ source: 'till' })).toEqual(['a', 'b']);
    expect(await ids({ source: 'web', code: 'odd' })).toEqual([]);
  });

  it('are read whole while they wait, in the order asked for and however many', async () => {
    const { warehouse } = await open();
    const ids = Array.from({ length: 1_200 }, (_, index) => `q-${index}`);
    await bench.load(ids.map((id) => reject(id)));
    await bench.load([drop('q-7')]);
    const records = new QuarantinedRecords(warehouse);
    const read = await records.read(ids.map((id) => ({ id, acceptedAtMs: startMs })));
    expect(read.map(({ id }) => id)).toEqual(ids.filter((id) => id !== 'q-7'));
    expect(read.every(({ id, bytes }) => bytes.toString() === id)).toBe(true);
    expect((await records.stillWaiting(ids)).size).toBe(1_199);
    expect(await records.find('q-7')).toMatchObject({ status: 'dropped', acceptedAtMs: startMs, source: 'till' });
    expect(await records.find('nobody')).toBeUndefined();
  });
});

describe('the retention of quarantine', () => {
  it('removes what was resolved before the instant, and never what waits', async () => {
    const { warehouse } = await open();
    await bench.load([reject('waits', 0), reject('dropped'), reject('later')]);
    await bench.load([drop('dropped')]);
    await new Promise((resolve) => setTimeout(resolve, 5));
    const between = new Date();
    await new Promise((resolve) => setTimeout(resolve, 5));
    await bench.load([drop('later')]);
    await removeResolvedQuarantine(warehouse, between);
    const left = await warehouse.query('SELECT quarantine_id AS id FROM quarantine ORDER BY id');
    expect(left.map(({ id }) => id)).toEqual(['later', 'waits']);
    await removeResolvedQuarantine(warehouse, new Date(Date.now() + 60_000));
    expect(await warehouse.query('SELECT quarantine_id AS id FROM quarantine')).toEqual([{ id: 'waits' }]);
  });

  it('lets the same bytes wait anew after that', async () => {
    const { warehouse } = await open();
    await bench.load([reject('a')]);
    await bench.load([drop('a')]);
    await removeResolvedQuarantine(warehouse, new Date(Date.now() + 60_000));
    await bench.load([reject('a')]);
    expect(await new QuarantinedRecords(warehouse).find('a')).toMatchObject({ status: 'waiting' });
  });
});
