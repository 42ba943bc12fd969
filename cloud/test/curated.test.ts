import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { curatedStep } from '../../src/apps/cloud/curated.ts';
import type { StepResult } from '../../src/refresh/refresh.ts';
import { DuckdbWarehouse } from '../../src/warehouse/duckdb/duckdb-warehouse.ts';
import { CuratedFiles } from './support/curated-files.ts';
import { type Moto, startMoto } from './support/moto.ts';

const atMs = Date.parse('2026-07-01T07:00:00Z');
const basis = '{"table":"customers"}';
let moto: Moto;
let files: CuratedFiles;
let bucket = '';
let folder = '';
let warehouse: DuckdbWarehouse;
let buckets = 0;

beforeAll(async () => {
  moto = await startMoto();
});
afterAll(() => moto.stop());
beforeEach(async () => {
  buckets += 1;
  bucket = `data-${buckets}`;
  await moto.createBucket(bucket);
  files = new CuratedFiles(moto.s3, bucket);
  folder = mkdtempSync(join(tmpdir(), 'slicehouse-curated-'));
  warehouse = await DuckdbWarehouse.open({ path: join(folder, 'w.duckdb'), folder, memoryLimitMb: 256 });
});
afterEach(async () => {
  await warehouse.close();
  expect(readdirSync(folder).filter((name) => name.endsWith('.ndjson'))).toEqual([]);
  rmSync(folder, { recursive: true });
});

const refresh = (nowMs = atMs): Promise<StepResult> =>
  curatedStep({ s3: moto.s3, bucket, warehouse, folder, now: () => nowMs }).run({
    runId: 'r',
    businessDate: '2026-07-01',
    asked: false,
    signal: new AbortController().signal,
    progress: () => undefined,
    part: async () => undefined,
  });
const customer = (id: string, state: string) => ({
  customer_id: id,
  home_state: state,
  home_city: null,
  home_zip: null,
  changed_at: null,
});
const homes = async (): Promise<unknown> =>
  Object.fromEntries(
    (
      await warehouse.query('SELECT customer_id, home_state FROM customer WHERE valid_to > $now ORDER BY 1', {
        now: '2100-01-01',
      })
    ).map((row) => Object.values(row)),
  );

interface NewRun {
  readonly id: string;
  readonly through: string;
  readonly since?: string;
  readonly records: readonly unknown[];
  readonly errors?: readonly unknown[];
  readonly keys: readonly string[];
  readonly changes?: Readonly<Record<string, unknown>>;
}

/** Writes a run of the job over customers. */
async function write({ id, through, since, records, errors = [], keys, changes }: NewRun): Promise<void> {
  const run = `customers/${id}/`;
  const keyed = keys.map((customer_id) => ({ customer_id }));
  const found = {
    records: [await files.putLines(run, 'kind=records/part-0.txt.gz', records)],
    errors: errors.length === 0 ? [] : [await files.putLines(run, 'kind=errors/part-0.txt.gz', errors)],
    keys: [
      await files.putLines(run, 'kind=keys/part-0.txt.gz', keyed.slice(0, 1)),
      await files.putLines(run, 'kind=keys/part-1.txt.gz', keyed.slice(1)),
    ],
  };
  const manifest = {
    version: 1,
    run_id: id,
    since: since === undefined ? null : { through: since, basis },
    watermark: { through, basis },
    is_whole: since === undefined,
    clock_skew_ms: 3,
    files: found,
    ...changes,
  };
  await files.put(`${run}_manifest.json`, JSON.stringify(manifest));
}

const first: NewRun = {
  id: '20260701T060000000Z-a',
  through: '2026-07-01T06:00:00.000Z',
  records: [customer('c-1', 'TX'), customer('c-2', 'NY'), customer('c–\u2028é', 'CA')],
  errors: [
    {
      table: 'customers',
      key: 'c-9',
      faults: [{ path: '/home/zip', message: 'must not have more than 10 characters' }],
    },
  ],
  keys: ['c-1', 'c-2', 'c–\u2028é', 'c-9'],
};

describe('what the job has written', () => {
  it('is nothing yet: the step is skipped', async () => {
    expect(await refresh()).toMatchObject({ skipped: true, detail: expect.stringContaining('has written nothing') });
  });

  it('comes into the warehouse, rows that cannot be taken are counted, and the next run begins there', async () => {
    await write(first);
    const { rows, detail } = await refresh();
    expect([rows, detail]).toEqual([
      3,
      'customers: 3 read, 1 could not be taken (c-9: must not have more than 10 characters)',
    ]);
    expect(await homes()).toEqual({ 'c-1': 'TX', 'c-2': 'NY', 'c–\u2028é': 'CA' });
    const through = '2026-07-01T06:30:00.000Z';
    await write({
      id: '20260701T063000000Z-b',
      through,
      since: first.through,
      records: [customer('c-1', 'OH')],
      keys: ['c-1', 'c–\u2028é', 'c-9'],
    });
    expect((await refresh()).detail).toBe('customers: 1 read; 1 gone');
    expect(await homes()).toEqual({ 'c-1': 'OH', 'c–\u2028é': 'CA' });
    await files.fetchApplied(folder);
    expect((await refresh()).detail).toBe('customers: 0 read');
  });

  it('is not read before its manifest is there', async () => {
    await write(first);
    await files.putLines('customers/20260701T070000000Z-b/', 'kind=records/part-0.txt.gz', [customer('c-1', 'WY')]);
    expect((await refresh()).rows).toBe(3);
    expect(await homes()).toMatchObject({ 'c-1': 'TX' });
  });

  it('is only read where nothing is missing between', async () => {
    await write({ ...first, since: '2026-06-30T06:00:00.000Z' });
    await expect(refresh()).rejects.toThrow(
      /changes since 2026-06-30T06:00:00.000Z, and nothing is known of them here\. .*--whole true/,
    );
    await write({ ...first, id: '20260701T060100000Z-b' });
    expect((await refresh()).rows).toBe(3);
    await write({
      ...first,
      id: '20260701T061500000Z-c',
      since: '2026-07-01T06:05:00.000Z',
      through: '2026-07-01T06:15:00.000Z',
    });
    await expect(refresh()).rejects.toThrow('here they are known up to 2026-07-01T06:00:00.000Z');
  });
});

describe('what the warehouse has stays as it is', () => {
  beforeEach(async () => {
    await write(first);
    await refresh();
  });
  const later = {
    id: '20260701T065000000Z-z',
    through: '2026-07-01T06:50:00.000Z',
    records: [customer('c-1', 'WY')],
    keys: ['c-1'],
  };

  it('when the job could not read the table, and its reason is passed on', async () => {
    const failure = {
      version: 1,
      kind: 'shape',
      summary: 'The table `customers` has changed.',
      faults: [{ path: 'city', message: 'is gone.' }],
    };
    await files.put('customers/20260701T065000000Z-z/_failed.json', JSON.stringify(failure));
    await expect(refresh()).rejects.toThrow(
      /has changed\.\n {2}city: is gone\. What is known of customers is of 2026-07-01 06:00/,
    );
    expect(await homes()).toMatchObject({ 'c-1': 'TX', 'c-2': 'NY' });
  });

  it('when the job leaves the table out from now on', async () => {
    await files.put('_tables.json', JSON.stringify({ tables: ['stores'] }));
    await expect(refresh(atMs + 48 * 3_600_000)).rejects.toThrow('No run of stores in');
    expect(await homes()).toMatchObject({ 'c-1': 'TX', 'c-2': 'NY' });
  });

  it('when the job has not come to an end for a day', async () => {
    expect((await refresh(atMs + 24 * 3_600_000)).rows).toBe(0);
    await expect(refresh(atMs + 27 * 3_600_000)).rejects.toThrow(
      /20260701T060000000Z-a: the job has not come to an end since/,
    );
  });

  it.each([
    [
      'has other rows than its manifest says',
      { files: { records: [{ name: 'kind=records/part-0.txt.gz', rows: 2 }], errors: [], keys: [] } },
      /has 1 rows where its manifest says 2/,
    ],
    [
      'is gone',
      { files: { records: [{ name: 'kind=records/part-7.txt.gz', rows: 1 }], errors: [], keys: [] } },
      /part-7\.txt\.gz is gone/,
    ],
    ['is of another version', { version: 2 }, /not what the job of this version writes/],
  ])('when a file %s', async (_what, changes, message) => {
    await write({ ...later, changes });
    await expect(refresh()).rejects.toThrow(message);
    expect(await homes()).toMatchObject({ 'c-1': 'TX', 'c-2': 'NY' });
  });

  it('when a file is damaged, or there is no key at all', async () => {
    await write(later);
    await files.put(`customers/${later.id}/kind=records/part-0.txt.gz`, Buffer.from('1f8b0800', 'hex'));
    await expect(refresh()).rejects.toThrow(/part-0\.txt\.gz cannot be read: unexpected end of file/);
    await write({ ...later, keys: [] });
    await expect(refresh()).rejects.toThrow(/has no customers at all/);
    expect(await homes()).toMatchObject({ 'c-2': 'NY' });
  });
});
