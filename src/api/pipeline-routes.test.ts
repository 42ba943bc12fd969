import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Compile } from 'typebox/compile';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ask, post, postLines, testHouses } from '../../test/support/houses.ts';
import { anOrder } from '../../test/support/orders.ts';
import { temporaryFolders } from '../../test/support/temporary-folders.ts';
import { PipelineSchema } from '../contract/pipeline.ts';
import { DuckdbWarehouse } from '../warehouse/duckdb/duckdb-warehouse.ts';
import { ArchiveReader } from './archive-summary.ts';
import { readBooks } from './books.ts';

const newHouse = testHouses();
const newFolder = temporaryFolders();
const schema = Compile(PipelineSchema);

describe('GET /v1/pipeline', () => {
  it('has the form that the contract says, before and after the first order', async () => {
    const house = await newHouse();
    const before = (await ask(house, '/v1/pipeline')).json;
    expect([...schema.Errors(before)]).toEqual([]);
    expect(before).toMatchObject({ visible_through: null, in_flight: 0, days: [], books: [], books_truncated: false });
    await postLines(house, [anOrder(), '{', anOrder({ revision: 2 }), anOrder()]);
    await house.settled();
    const after = (await ask(house, '/v1/pipeline')).json;
    expect([...schema.Errors(after)]).toEqual([]);
    const book = { received: 4, loaded: 2, duplicates: 0, superseded: 1, quarantined: 1 };
    expect(after.days).toEqual([{ day: expect.any(String), ...book, in_flight: 0, balanced: true }]);
    expect(after.books).toEqual([{ day: expect.any(String), source: 'default', ...book }]);
    expect(after.quarantine).toEqual({ waiting: 1, replayed: 0, dropped: 0 });
  });

  it('counts what is durable and not loaded as received today and in flight', async () => {
    const house = await newHouse({ sealAfterMs: 60_000 });
    await post(house, anOrder());
    const { in_flight, days } = (await ask(house, '/v1/pipeline')).json;
    expect(in_flight).toBe(1);
    expect(days).toEqual([expect.objectContaining({ received: 1, loaded: 0, in_flight: 1, balanced: true })]);
  });

  it('tells of the archive', async () => {
    const house = await newHouse();
    await post(house, anOrder());
    await house.settled();
    await house.archiveAll();
    const { archive } = (await ask(house, '/v1/pipeline')).json;
    expect(archive).toEqual({ batches: 1, records: 1, bytes: expect.any(Number), newest: expect.any(String) });
  });
});

describe('the books', () => {
  const day = (daysAgo: number): string =>
    new Date(Date.UTC(2026, 5, 1) - daysAgo * 86_400_000).toISOString().slice(0, 10);

  let warehouse: DuckdbWarehouse;
  beforeEach(async () => {
    const folder = newFolder();
    warehouse = await DuckdbWarehouse.open({ path: join(folder, 'warehouse.duckdb'), folder, memoryLimitMb: 256 });
  });
  afterEach(() => warehouse.close());

  /** Writes a book of three records for each of these days and sources. */
  const write = (count: number, dayOf: (index: number) => string, sourceOf: (index: number) => string): Promise<void> =>
    warehouse.write(
      Array.from({ length: count }, (_, index) => ({
        sql: 'INSERT INTO book VALUES (CAST($day AS DATE), $source, 3, 1, 1, 1, 0)',
        parameters: { day: dayOf(index), source: sourceOf(index) },
      })),
    );

  it('end after 92 days, today among them when something is in flight', async () => {
    await write(
      100,
      (index) => day(index + 1),
      () => 'pos',
    );
    const { days, books, books_truncated } = await readBooks(warehouse, 5, Date.UTC(2026, 5, 1, 12));
    expect(days).toHaveLength(92);
    expect(days[0]).toMatchObject({ day: '2026-06-01', received: 5, in_flight: 5, balanced: true });
    expect(days[91]).toMatchObject({ day: day(91), received: 3, in_flight: 0, balanced: true });
    expect(books.at(-1)).toMatchObject({ day: day(91) });
    expect(books_truncated).toBe(false);
  });

  it('say when there are more rows than they show', async () => {
    await write(
      1_200,
      () => day(0),
      (index) => `pos-${index}`,
    );
    const { books, books_truncated } = await readBooks(warehouse, 0, Date.UTC(2026, 5, 1));
    expect([books.length, books_truncated]).toEqual([1_000, true]);
  });

  it('say when a day does not balance', async () => {
    await write(
      1,
      () => day(0),
      () => 'pos',
    );
    await warehouse.write([{ sql: 'UPDATE book SET loaded = 2', parameters: {} }]);
    expect((await readBooks(warehouse, 0, 0)).days[0]?.balanced).toBe(false);
  });
});

describe('the summary of the archive', () => {
  const manifest = (records: number, ...bytes: number[]) =>
    JSON.stringify({ records, files: bytes.map((size) => ({ bytes: size })) });

  it('is null without one', async () => {
    expect(await new ArchiveReader(join(newFolder(), 'none')).summary()).toBeNull();
  });

  it('adds up whole manifests, and follows what comes and goes', async () => {
    const folder = newFolder();
    const reader = new ArchiveReader(folder);
    expect(await reader.summary()).toEqual({ batches: 0, records: 0, bytes: 0, newest: null });
    writeFileSync(join(folder, '000000000001-000000000004.json'), manifest(10, 100, 50));
    writeFileSync(join(folder, '000000000005-000000000006.json'), manifest(7, 30));
    writeFileSync(join(folder, '000000000007-000000000008.json'), '{"records": 1');
    writeFileSync(join(folder, '000000000009-000000000010.json.new'), manifest(99, 99));
    mkdirSync(join(folder, 'other'));
    expect(await reader.summary()).toEqual({
      batches: 2,
      records: 17,
      bytes: 180,
      newest: expect.stringMatching(/^20.*Z$/),
    });
    writeFileSync(join(folder, '000000000007-000000000008.json'), manifest(1, 1));
    expect(await reader.summary()).toMatchObject({ batches: 3, records: 18, bytes: 181 });
  });
});
