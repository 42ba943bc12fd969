import { randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { importedStep } from '../../src/apps/cloud/imported-reference.ts';
import { dataFolder } from '../../src/apps/data-folder.ts';
import { sendReference } from '../../src/apps/export/send-reference.ts';
import { foldReference } from '../../src/archive/fold-reference.ts';
import { ReferenceLog, readReferenceFiles } from '../../src/archive/reference-log.ts';
import type { BackupTarget } from '../../src/backup/target.ts';
import { targetOf } from '../../src/backup/target-of.ts';
import type { StepResult } from '../../src/refresh/refresh.ts';
import { DuckdbWarehouse } from '../../src/warehouse/duckdb/duckdb-warehouse.ts';
import { putFile } from '../../test/support/data-folders.ts';
import { setEnvironment } from './support/lambda-functions.ts';
import { type Moto, startMoto } from './support/moto.ts';

const log = { info() {}, warn() {}, error() {}, fatal() {} } as unknown as Parameters<
  typeof ReferenceLog.open
>[0]['log'];
let moto: Moto;
let restore: () => void;
let bucket = '';
let folder = '';
let target: BackupTarget;
let here: DuckdbWarehouse;
let there: DuckdbWarehouse;
let reference: ReferenceLog;

beforeAll(async () => {
  moto = await startMoto();
  restore = setEnvironment({ ...moto.environment });
});
afterAll(async () => {
  restore();
  await moto.stop();
});
beforeEach(async () => {
  bucket = `data-${randomUUID()}`;
  await moto.createBucket(bucket);
  target = await targetOf(`s3://${bucket}`, { s3PathStyle: true });
  folder = mkdtempSync(join(tmpdir(), 'slicehouse-imported-'));
  const open = (name: string) => DuckdbWarehouse.open({ path: join(folder, name), folder, memoryLimitMb: 256 });
  [here, there] = [await open('here.duckdb'), await open('there.duckdb')];
  reference = await ReferenceLog.open({ folder: archive(), tables: here, log, read: async function* () {} });
});
afterEach(async () => {
  await target.close();
  await here.close();
  await there.close();
  expect(readdirSync(folder).filter((name) => name.startsWith('imported'))).toEqual([]);
  rmSync(folder, { recursive: true });
});

const archive = (): string => join(dataFolder(folder).path, 'archive');

const takeOver = (): Promise<StepResult> =>
  importedStep({ s3: moto.s3, bucket, warehouse: there, folder }).run({
    runId: 'r',
    businessDate: '2026-07-01',
    asked: false,
    signal: new AbortController().signal,
    progress: () => undefined,
    part: async () => undefined,
  });

/** Every version of every store and customer that holds for some time. */
async function versions(warehouse: DuckdbWarehouse): Promise<unknown> {
  const rows = ['store', 'customer'].map((table) =>
    warehouse.query(`SELECT * FROM ${table} WHERE valid_from < valid_to ORDER BY ${table}_id, valid_from`),
  );
  return Promise.all(rows);
}

/** A change as the single machine takes it. */
async function change(table: 'stores' | 'customers', ...records: readonly object[]): Promise<void> {
  const lines = records.map((record, position) => JSON.stringify({ ...record, position }));
  putFile(folder, 'change.ndjson', lines.join('\n'));
  const path = join(folder, 'change.ndjson');
  await (table === 'stores' ? reference.upsertStores(path) : reference.upsertCustomers(path));
}

const store = (id: string, state: string, changed_at: string | null = null) => ({
  store_id: id,
  name: `Store ${id}`,
  state,
  city: 'Springfield',
  zip: null,
  time_zone: 'America/Chicago',
  latitude: null,
  longitude: null,
  closeout_hour: 4,
  changed_at,
  origin: 'mysql',
});
const customer = (id: string, home_state: string, changed_at: string | null = null) => ({
  customer_id: id,
  home_state,
  home_city: null,
  home_zip: null,
  changed_at,
});
const gone = (id: string, changed_at: string) => ({ store_id: id, gone: true, changed_at, origin: 'mysql' });

async function history(): Promise<void> {
  await change('stores', store('s-1', 'TX'), store('s-2', 'NY'), store('s-3', 'OH'));
  await change('customers', customer('c-1', 'TX'), customer('c-é\u2028', 'CA'));
  await change('stores', store('s-1', 'OK', '2026-02-01T06:00:00.000Z'), gone('s-2', '2026-03-01T00:00:00.000Z'));
  await change('customers', customer('c-1', 'NV', '2026-01-15T00:00:00.000Z'));
  await change(
    'stores',
    store('s-1', 'KS', '2026-04-01T06:00:00.000Z'),
    store('s-2', 'NJ', '2026-05-01T00:00:00.000Z'),
  );
}

describe('stores and customers of another machine', () => {
  it('are none yet: the step is skipped', async () => {
    expect(await takeOver()).toMatchObject({ skipped: true });
  });

  it('come with their history, with those that are gone and those that came back', async () => {
    await history();
    expect(await sendReference(folder, '89abcdef', target)).toEqual({ files: 5, filesSent: 5 });
    expect(await takeOver()).toEqual({ rows: null, detail: '5 files of changes taken over' });
    expect(await versions(there)).toEqual(await versions(here));
    expect(JSON.stringify(await versions(there))).toContain('"state":"OK"');
    expect(await takeOver()).toMatchObject({ detail: '0 files of changes taken over' });
  });

  it('come to the same when changes were folded in between', async () => {
    await history();
    await sendReference(folder, '89abcdef', target);
    await takeOver();
    for (const table of ['stores', 'customers'] as const) {
      const files = (await readReferenceFiles(archive())).filter((file) => file.table === table);
      await foldReference(archive(), table, files);
    }
    await change('customers', customer('c-2', 'WY'));
    expect((await sendReference(folder, '89abcdef', target)).filesSent).toBeGreaterThan(1);
    await takeOver();
    expect(await versions(there)).toEqual(await versions(here));
    expect(await takeOver()).toMatchObject({ detail: '0 files of changes taken over' });
  });

  it('are taken over from where a refresh was stopped', async () => {
    await history();
    await sendReference(folder, '89abcdef', target);
    const upsert = there.upsertCustomers.bind(there);
    there.upsertCustomers = () => Promise.reject(new Error('The function was stopped.'));
    await expect(takeOver()).rejects.toThrow('stopped');
    there.upsertCustomers = upsert;
    expect(await takeOver()).toMatchObject({ detail: '4 files of changes taken over' });
    expect(await versions(there)).toEqual(await versions(here));
  });

  it('wait for the list of an export that is under way, and are not taken from a damaged file', async () => {
    const name = 'curated/import/89abcdef/000001-stores.0123456789abcdef.ndjson.gz';
    await moto.s3.send(new PutObjectCommand({ Bucket: bucket, Key: name, Body: 'x' }));
    expect(await takeOver()).toMatchObject({ detail: '0 files of changes taken over' });
    await change('stores', store('s-1', 'TX'));
    await sendReference(folder, '89abcdef', target);
    const { Contents = [] } = await moto.s3.send(
      new ListObjectsV2Command({ Bucket: bucket, Prefix: 'curated/import/' }),
    );
    const sent = Contents.find(({ Key = '' }) => Key !== name && Key.endsWith('.gz'))?.Key;
    await moto.s3.send(new PutObjectCommand({ Bucket: bucket, Key: sent, Body: Buffer.from('1f8b0800', 'hex') }));
    await expect(takeOver()).rejects.toThrow(/unexpected end of file/);
    expect(await versions(there)).toEqual([[], []]);
  });
});
