import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { DeliveredOrder, DeliveredRecord } from '../../src/contract/delivered-order.ts';
import type { SegmentFile } from '../../src/contract/segment-file.ts';
import { VanishedObjectError } from '../../src/warehouse/redshift/object-store.ts';
import { RedshiftWarehouse } from '../../src/warehouse/redshift/redshift-warehouse.ts';
import { anOrder, aPizza, delivered } from '../../test/support/orders.ts';
import { bucket, linesOf, RedshiftWarehouses, type Workgroup } from './support/redshift-warehouse.ts';

let warehouses: RedshiftWarehouses;
let warehouse: RedshiftWarehouse;
let workgroup: Workgroup;
let tests = 0;
let objects = 0;

beforeAll(async () => {
  warehouses = await RedshiftWarehouses.start();
});
afterAll(() => warehouses.stop());
beforeEach(async () => {
  tests += 1;
  objects = 0;
  warehouse = await warehouses.open(`faults-${tests}`);
  workgroup = await warehouses.workgroup(`faults-${tests}`);
});
afterEach(() => warehouse.close());

/** Lands an object with the next sequence. */
function land(content: readonly DeliveredRecord[] | string | Buffer): Promise<SegmentFile> {
  objects += 1;
  const bytes = typeof content === 'string' || Buffer.isBuffer(content) ? content : linesOf(content);
  return warehouses.put(`${tests}/${objects}`, objects, bytes);
}

const order = (id: string, changes: object = {}): DeliveredOrder => delivered(anOrder({ order_id: id, ...changes }));
const counted = async (): Promise<unknown> =>
  (await warehouse.query('SELECT COUNT(*) AS orders, SUM(net_cents) AS cents FROM order_line WHERE line = 1'))[0];
const ledger = () =>
  warehouse.query(
    'SELECT segment, records, loaded, duplicates, superseded, quarantined FROM load_ledger ORDER BY segment',
  );

describe('a load', () => {
  it('that meets other transactions twice succeeds the third time, once', async () => {
    workgroup.redshift.faults.conflict(/^MERGE INTO order_head/, 2);
    const { entries } = await warehouse.load([await land([order('A-1'), order('A-2')])]);
    expect(entries).toMatchObject([{ segment: 1, records: 2, loaded: 2 }]);
    expect(await counted()).toEqual({ orders: 2, cents: 2000 });
    expect(await ledger()).toHaveLength(1);
  });

  it('that breaks off between COPY and MERGE leaves nothing, and loads afterwards', async () => {
    const segment = await land([order('A-1')]);
    workgroup.redshift.faults.failStatement(/^MERGE INTO order_head/, 'ERROR: the node went away');
    await expect(warehouse.load([segment])).rejects.toThrow('the node went away');
    for (const table of ['order_head', 'order_line', 'combination', 'load_ledger', 'book', 'past_record'])
      expect(await warehouse.query(`SELECT * FROM ${table}`)).toEqual([]);
    expect(warehouse.status()).toEqual({ dataVersion: 0, lastSegment: 0, visibleThrough: null });
    expect((await warehouse.load([segment])).entries).toMatchObject([{ loaded: 1 }]);
  });

  it('whose answer is lost after its commit counts once', async () => {
    const segment = await land([order('A-1')]);
    workgroup.redshift.faults.dropAnswer('BatchExecuteStatement');
    await warehouse.load([segment]).catch(() => undefined);
    await warehouse.load([segment]);
    expect(await counted()).toEqual({ orders: 1, cents: 1000 });
    expect(await ledger()).toMatchObject([{ segment: 1, loaded: 1, duplicates: 0 }]);
  });

  it('of an object that has vanished says which, and the others load without it', async () => {
    const [here, gone] = [await land([order('A-1')]), await land([order('A-2')])];
    await warehouses.segments.remove(gone);
    const failed = await warehouse.load([here, gone]).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(VanishedObjectError);
    expect(failed).toMatchObject({ uri: gone.path });
    expect(await ledger()).toEqual([]);
    await warehouse.load([here]);
    expect(await counted()).toEqual({ orders: 1, cents: 1000 });
  });

  it('of an object without records has a ledger row, so that it is not missing for ever', async () => {
    await warehouse.load([await land('')]);
    expect(await ledger()).toMatchObject([{ segment: 1, records: 0 }]);
    expect(await warehouse.loaded([1])).toEqual(new Set([1]));
  });

  it('of gzip is the same as of what it holds, with or without a line break at its end', async () => {
    const content = linesOf([order('A-1'), order('A-2')]);
    await warehouse.load([await land(gzipSync(content)), await land(content.trimEnd())]);
    expect(await ledger()).toMatchObject([
      { records: 2, loaded: 2 },
      { records: 2, duplicates: 2 },
    ]);
  });
});

describe('objects', () => {
  it('that come twice and in reversed order count once', async () => {
    const segments = [
      await land([order('A-1')]),
      await land([order('A-1', { revision: 2, lines: [aPizza({ quantity: 3 })] })]),
    ];
    await warehouse.load(segments.toReversed());
    await warehouse.load(segments);
    const [later, earlier] = [await land([order('B-1')]), await land([order('B-1', { status: 'voided' })])];
    await warehouse.load([earlier]);
    await warehouse.load([later]);
    await warehouse.load([earlier, later]);
    expect(await counted()).toEqual({ orders: 1, cents: 3000 });
    expect(await ledger()).toHaveLength(4);
  });

  it('that two loaders load at the same time count once', async () => {
    const other = await RedshiftWarehouse.open({
      dataApi: workgroup.dataApi,
      s3: warehouses.moto.s3,
      bucket,
      copyRole: 'arn:aws:iam::123456789012:role/slicehouse-copy',
    });
    const segments = [await land([order('A-1'), order('A-2')]), await land([order('A-2'), order('A-3')])];
    const results = await Promise.all([warehouse.load(segments), other.load(segments.toReversed())]);
    expect(results.flatMap(({ entries }) => entries)).toHaveLength(2);
    expect(await counted()).toEqual({ orders: 3, cents: 3000 });
    expect(await ledger()).toMatchObject([
      { segment: 1, loaded: 2 },
      { segment: 2, loaded: 1, duplicates: 1 },
    ]);
    const books = await warehouse.query('SELECT received, loaded, duplicates FROM book');
    expect(books).toEqual([{ received: 4, loaded: 3, duplicates: 1 }]);
  });

  it('get each their sequence once, the oldest first, however often and by whom they are asked for', async () => {
    const landed = (key: string, landedAtMs: number) => ({ key, bytes: 10, landedAtMs });
    const [a, b, c] = [landed("a'1", 2000), landed('b/ü 2', 1000), landed('c', 3000)];
    const first = await warehouse.sequenceObjects([a, b, a]);
    expect([...first].sort()).toEqual([
      ["a'1", 2],
      ['b/ü 2', 1],
    ]);
    const both = await Promise.all([warehouse.sequenceObjects([c, b]), warehouse.sequenceObjects([c])]);
    expect(both.map((sequences) => sequences.get('c'))).toEqual([3, 3]);
    const many = Array.from({ length: 1_300 }, (_, index) => landed(`many/${index}`, 5000 + index));
    const numbered = await warehouse.sequenceObjects(many);
    expect([...new Set(numbered.values())]).toHaveLength(1_300);
    expect(numbered.get('many/1299')).toBe(1303);
  });
});

describe('a record that cannot be loaded', () => {
  const good = order('G-1');
  const linesWith = (changes: object) => ({ lines: { ...good.lines, ...changes } });
  const shaped = (changes: object): string => JSON.stringify({ ...order('B-1'), ...changes });
  const unloadable: readonly [string, string | Buffer][] = [
    ['no JSON', '{"type":"order"'],
    ['no UTF-8', Buffer.from([0x7b, 0xff, 0xfe, 0x7d])],
    ['no record', '{"type":"refund"}'],
    ['the character zero', shaped({ store_id: 'a\0b' })],
    ['half a character', '{"type":"drop","quarantine_id":"\\ud83c","accepted_at_ms":1}'],
    ['nothing where something must be', shaped({ store_id: null })],
    ['lists of two lengths', shaped(linesWith({ quantity: [] }))],
    ['no lines', shaped({ lines: null })],
    ['a time beyond all calendars', shaped({ ordered_at_ms: 2 ** 53 })],
    ['a number beyond its column', shaped({ revision: 2 ** 40 })],
    ['an order key beyond its column', shaped({ order_key: '9999999999999999999' })],
    ['a text too long for its column', shaped({ store_id: 'x'.repeat(300) })],
    ['a text too long for its column of the lines', shaped(linesWith({ menu_item: ['ü'.repeat(300)] }))],
  ];

  it.each(unloadable)('for %s lies in quarantine with its exact bytes, and the rest loads', async (_what, bad) => {
    const content = Buffer.concat([
      Buffer.from(linesOf([good])),
      Buffer.from(bad),
      Buffer.from(`\n${linesOf([order('G-2')])}`),
    ]);
    const segment = await land(content);
    const { entries } = await warehouse.load([segment]);
    expect(entries).toMatchObject([{ records: 3, loaded: 2, quarantined: 1 }]);
    const [reject, ...others] = await warehouse.query('SELECT code, origin, bytes, status FROM quarantine');
    expect(others).toEqual([]);
    expect(reject).toMatchObject({ code: 'unreadable_record', status: 'waiting' });
    expect(reject?.['origin']).toBe(`${segment.path}, record 2, offset ${linesOf([good]).length}`);
    expect(Buffer.from(String(reject?.['bytes']), 'base64')).toEqual(Buffer.from(bad));
    expect(await counted()).toEqual({ orders: 2, cents: 2000 });
    await warehouse.load([segment]);
    expect(await warehouse.query('SELECT arrivals FROM quarantine')).toEqual([{ arrivals: 1 }]);
  });

  it('is found among many, each with what COPY says of it', async () => {
    const records = Array.from({ length: 300 }, (_, index) => order(`A-${index}`));
    const bad = new Set([3, 120, 121, 299]);
    const content = records.map((record, index) => (bad.has(index) ? { ...record, revision: 2 ** 40 } : record));
    const { entries } = await warehouse.load([await land(content.slice(0, 100)), await land(content.slice(100))]);
    expect(entries).toMatchObject([
      { segment: 1, loaded: 99, quarantined: 1 },
      { segment: 2, loaded: 197, quarantined: 3 },
    ]);
    const reasons = await warehouse.query('SELECT DISTINCT reason FROM quarantine');
    expect(reasons).toEqual([{ reason: expect.stringMatching(/^revision: .*Overflow/) }]);
  });

  it('that is larger than a result may be stays where it is, and quarantine says where', async () => {
    const reject: DeliveredRecord = {
      type: 'reject',
      quarantine_id: 'q-1',
      source: 'till',
      code: 'malformed_json',
      reason: 'It is none.',
      origin: null,
      bytes: Buffer.alloc(60_000, 'x').toString('base64'),
      accepted_at_ms: 1,
    };
    const segment = await land([good, reject]);
    await warehouse.load([segment]);
    const rows = await warehouse.query('SELECT LENGTH(bytes) AS kept, bytes_in, bytes_size FROM quarantine');
    expect(rows).toEqual([{ kept: 12_000, bytes_in: `${segment.path}#2`, bytes_size: 60_000 }]);
    const [whole] = await warehouse.query('SELECT quarantine_id, bytes FROM quarantine');
    expect(whole).toEqual({ quarantine_id: 'q-1', bytes: reject.bytes });
    await warehouses.segments.remove(segment);
    await expect(warehouse.query('SELECT quarantine_id, bytes FROM quarantine')).rejects.toThrow(VanishedObjectError);
  });
});
