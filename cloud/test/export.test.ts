import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createChain } from '../../simulator/chain.ts';
import { customersOfChain } from '../../simulator/reference.ts';
import { main } from '../../src/apps/cli.ts';
import { importedStep } from '../../src/apps/cloud/imported-reference.ts';
import { openWarehouse } from '../../src/apps/cloud/open-warehouse.ts';
import { createTelemetry } from '../../src/apps/cloud/telemetry.ts';
import { anOrder } from '../../test/support/orders.ts';
import { expectEqualReports } from './support/equal-reports.ts';
import { type ApiAnswer, type ApiRequest, askFunction, lambdaContext, landedEvent } from './support/lambda-events.ts';
import { setEnvironment, testKey } from './support/lambda-functions.ts';
import { openSingleMachine, type SingleMachine } from './support/lambda-house.ts';
import { type Cloud, cloudNames, functionEnvironment, startCloud } from './support/lambda-moto.ts';
import { type OrderRequest, simulatedTraffic } from './support/lambda-traffic.ts';
import { type Redshift, startRedshift } from './support/redshift-stand-in.ts';

const seed = 20_260_301;
const traffic = simulatedTraffic(500, seed);
const admin = testKey('head', 'admin');
const folder = mkdtempSync(join(tmpdir(), 'slicehouse-export-'));

let cloud: Cloud;
let redshift: Redshift;
let single: SingleMachine;
let restore: () => void;
let functions: Functions;
const told = new Set<string>();
const receipts: string[] = [];

interface Functions {
  readonly load: typeof import('../../src/apps/load.lambda.ts');
  readonly api: typeof import('../../src/apps/api.lambda.ts');
  readonly migrate: typeof import('../../src/apps/migrate.lambda.ts');
}

beforeAll(async () => {
  cloud = await startCloud();
  redshift = await startRedshift({ s3Endpoint: cloud.endpoint });
  single = await openSingleMachine([admin]);
  await cloud.putKeys([admin.stored]);
  restore = setEnvironment(functionEnvironment(cloud, { redshift: redshift.endpoint }));
  functions = {
    load: await import('../../src/apps/load.lambda.ts'),
    api: await import('../../src/apps/api.lambda.ts'),
    migrate: await import('../../src/apps/migrate.lambda.ts'),
  };
  const event = { RequestType: 'Create' } as Parameters<Functions['migrate']['handler']>[0];
  await functions.migrate.handler(event, lambdaContext());
});
afterAll(async () => {
  restore?.();
  await single?.close();
  await redshift?.stop();
  await cloud?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const asked = (request: ApiRequest = {}): ApiRequest => ({
  ...request,
  headers: { ...admin.headers, ...request.headers },
});
const ask = (url: string): Promise<ApiAnswer> => askFunction(functions.api.handler, url, asked());

async function send(method: string, url: string, contentType: string, body: string | Buffer): Promise<ApiAnswer> {
  return single.ask(url, asked({ method, headers: { 'content-type': contentType }, body }));
}

async function put(table: 'stores' | 'customers', records: readonly object[]): Promise<void> {
  const body = records.map((record) => JSON.stringify(record)).join('\n');
  const answer = await send('PUT', `/v1/reference/${table}`, 'application/x-ndjson', body);
  expect([answer.status, answer.json.rejected]).toEqual([200, []]);
}

async function post(requests: readonly OrderRequest[]): Promise<void> {
  for (const { contentType, body } of requests) {
    const { json } = await send('POST', '/v1/orders', contentType, body);
    if (json.receipt) receipts.push(json.receipt);
  }
}

/** Exports the single machine's folder as the command does; gives what `--json` prints. */
async function exportAll(): Promise<Record<string, unknown>> {
  await single.settled();
  const printed: string[] = [];
  const spy = vi.spyOn(process.stdout, 'write').mockImplementation((text) => printed.push(String(text)) > 0);
  try {
    const words = ['export', '--to', `s3://${cloudNames.bucket}`, '--s3-path-style', '--json'];
    await main(['node', 'slicehouse', ...words, '--data-dir', single.house.folder.path]);
  } finally {
    spy.mockRestore();
  }
  expect(process.exitCode).toBeUndefined();
  return JSON.parse(printed.join(''));
}

/** Tells the loader of what landed since the last time, and resolves with how many objects that were. */
async function load(objectsMax = Number.POSITIVE_INFINITY): Promise<number> {
  const fresh = (await cloud.landed()).filter(({ key }) => !told.has(key)).slice(0, objectsMax);
  if (fresh.length === 0) return 0;
  const answer = await functions.load.handler(landedEvent(cloudNames.bucket, fresh), lambdaContext());
  expect(answer).toEqual({ batchItemFailures: [] });
  for (const { key } of fresh) told.add(key);
  return fresh.length;
}

async function takeOverReference(): Promise<unknown> {
  const warehouse = await openWarehouse(createTelemetry('test'));
  return importedStep({ s3: cloud.s3, bucket: cloudNames.bucket, warehouse, folder }).run({
    runId: 'r',
    businessDate: '2026-02-10',
    asked: false,
    signal: new AbortController().signal,
    progress: () => undefined,
    part: async () => undefined,
  });
}

async function expectReportsOfOneMachine(): Promise<void> {
  await single.settled();
  await expectEqualReports(ask, (url) => single.ask(url, asked()));
}

/** What a reader of quarantine sees, without the times at which a warehouse took something out. */
function quarantineOf({ json }: ApiAnswer): unknown[] {
  return json.quarantine
    .map((record: Record<string, unknown>) => ({ ...record, resolved_at: record['resolved_at'] !== null }))
    .sort((a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1));
}

const sum = (days: readonly Record<string, number>[], name: string): number =>
  days.reduce((total, day) => total + (day[name] ?? 0), 0);

describe('a single machine with history', () => {
  it('is exported while it is open: archived records, records in segment files, stores and customers', async () => {
    const half = traffic.requests.length >> 1;
    await post(traffic.requests.slice(0, half));
    // Every fifth store stays unknown: its orders count where they were delivered to, or where the customer lives.
    await put(
      'stores',
      traffic.stores.filter((_, index) => index % 5 > 0),
    );
    const ordered = new Set(traffic.requests.flatMap(({ body }) => body.toString().match(/c-[0-9]+/g) ?? []));
    const customers = [...customersOfChain(createChain({ seed, stores: 60 }))].filter(({ customer_id }) =>
      ordered.has(customer_id),
    );
    expect(customers.length).toBeGreaterThan(20);
    await put('customers', customers);
    const moved = { state: 'AK', city: 'Nome', zip: '99762', valid_from: '2026-02-08T12:00:00Z' };
    await put(
      'stores',
      traffic.stores.slice(1, 5).map(({ store_id }) => ({ store_id, ...moved })),
    );
    await put(
      'customers',
      customers
        .slice(0, 15)
        .map(({ customer_id }) => ({ customer_id, home: { state: 'AK' }, valid_from: moved.valid_from })),
    );
    await single.settled();
    await single.house.archiveAll();
    await post(traffic.requests.slice(half));
    await single.settled();
    const { quarantine } = (await single.ask('/v1/quarantine', asked())).json;
    const [dropped, replayed] = quarantine.map(({ id }: { id: string }) => id);
    const mended = JSON.stringify(anOrder({ order_id: 'mended' }));
    expect((await send('POST', `/v1/quarantine/${replayed}/replay`, 'application/json', mended)).status).toBe(202);
    expect((await single.ask(`/v1/quarantine/${dropped}`, asked({ method: 'DELETE' }))).status).toBe(202);
    expect(await exportAll()).toMatchObject({
      target: `s3://${cloudNames.bucket}`,
      // The replay and the drop are records too.
      records: traffic.lines + 2,
      records_sent: traffic.lines + 2,
      reference_files: 4,
      reference_files_sent: 4,
      left_out: [],
      missing: [],
    });
  });

  it('lies in the bucket in the order of acceptance, in objects that many of fit into one load', async () => {
    const accepted: number[] = [];
    const objects = await cloud.landed();
    expect(objects.length).toBeGreaterThan(1);
    for (const { key } of objects) {
      const { Body } = await cloud.s3.send(new GetObjectCommand({ Bucket: cloudNames.bucket, Key: key }));
      const plain = gunzipSync(Buffer.from((await Body?.transformToByteArray()) ?? []));
      expect(plain.length).toBeLessThan(512 * 1024);
      for (const line of plain.toString().trimEnd().split('\n')) {
        const record = JSON.parse(line);
        if (record.replays === undefined) accepted.push(record.accepted_at_ms);
      }
    }
    expect(accepted).toEqual([...accepted].sort((a, b) => a - b));
  });

  it('gives every report as before, once its objects are loaded and its stores and customers taken over', async () => {
    await load(1);
    expect(await takeOverReference()).toEqual({ rows: null, detail: '4 files of changes taken over' });
    expect(await load()).toBeGreaterThan(0);
    expect((await ask('/v1/reports/sales-summary')).json.rows[0].orders).toBeGreaterThan(450);
    const states = (await ask('/v1/reports/sales-by-state')).json.rows.map(({ state }: { state: string }) => state);
    expect(states).toContain('AK');
    expect(states.length).toBeGreaterThan(10);
    await expectReportsOfOneMachine();
  });

  it('keeps times, books and quarantine', async () => {
    const [inCloud, onOne] = [(await ask('/v1/pipeline')).json, (await single.ask('/v1/pipeline', asked())).json];
    for (const name of ['received', 'loaded', 'duplicates', 'superseded', 'quarantined'])
      expect([name, sum(inCloud.days, name)]).toEqual([name, sum(onOne.days, name)]);
    expect(inCloud.days.every(({ balanced }: { balanced: boolean }) => balanced)).toBe(true);
    expect(inCloud.quarantine).toEqual(onOne.quarantine);
    const url = '/v1/quarantine?status=all&limit=100';
    const [records, others] = [quarantineOf(await ask(url)), quarantineOf(await single.ask(url, asked()))];
    expect(records).toEqual(others);
    expect(records.length).toBeGreaterThan(5);
    expect(receipts.length).toBeGreaterThan(5);
    for (const receipt of receipts) {
      const onOne = (await single.ask(`/v1/receipts/${receipt}`, asked())).json;
      const { order_id, outcome, accepted, duplicates } = onOne;
      expect((await ask(`/v1/receipts/${receipt}`)).json).toMatchObject({ order_id, outcome, accepted, duplicates });
    }
  });
});

describe('exported again', () => {
  it('nothing is sent, nothing changes', async () => {
    expect(await exportAll()).toMatchObject({ records_sent: 0, objects_sent: 0, reference_files_sent: 0 });
    expect(await load()).toBe(0);
    expect(await takeOverReference()).toEqual({ rows: null, detail: '0 files of changes taken over' });
    await expectReportsOfOneMachine();
  });

  it('nothing is sent when everything was archived meanwhile', async () => {
    await single.house.archiveAll();
    expect(await exportAll()).toMatchObject({ records_sent: 0, records_kept: traffic.lines + 2 });
  });

  it('only what is new is sent, and counts', async () => {
    await send(
      'POST',
      '/v1/orders',
      'application/json',
      JSON.stringify(anOrder({ order_id: 'after', store_id: 'new' })),
    );
    await put('stores', [{ store_id: 'new', state: 'HI' }]);
    expect(await exportAll()).toMatchObject({ records_sent: 1, objects_sent: 1, reference_files_sent: 1 });
    expect(await load()).toBe(1);
    expect(await takeOverReference()).toEqual({ rows: null, detail: '1 files of changes taken over' });
    expect((await ask('/v1/reports/sales-summary?state=HI')).json.rows[0].orders).toBeGreaterThan(0);
    await expectReportsOfOneMachine();
  });
});
