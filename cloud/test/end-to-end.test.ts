import { rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../../simulator/random.ts';
import { openWarehouse } from '../../src/apps/cloud/open-warehouse.ts';
import { createTelemetry } from '../../src/apps/cloud/telemetry.ts';
import { normaliseStore } from '../../src/sources/normalise-reference.ts';
import { anOrder } from '../../test/support/orders.ts';
import { expectEqualReports } from './support/equal-reports.ts';
import {
  type ApiAnswer,
  type ApiRequest,
  askFunction,
  type LandedObject,
  lambdaContext,
  landedEvent,
} from './support/lambda-events.ts';
import { type FaultProxy, failing, partly, startFaultProxy } from './support/lambda-fault-proxy.ts';
import { setEnvironment, testKey } from './support/lambda-functions.ts';
import { openSingleMachine, type SingleMachine } from './support/lambda-house.ts';
import { type Cloud, cloudNames, functionEnvironment, startCloud } from './support/lambda-moto.ts';
import { type OrderRequest, shuffled, simulatedTraffic } from './support/lambda-traffic.ts';
import { type Redshift, startRedshift } from './support/redshift-stand-in.ts';

const orders = 1_000;
const traffic = simulatedTraffic(orders, 20_260_208);
const random = new Random(1);
const [till, reader, admin] = [testKey('till', 'ingest'), testKey('office', 'read'), testKey('head', 'admin')];

let cloud: Cloud;
let proxy: FaultProxy;
let redshift: Redshift;
let single: SingleMachine;
let restore: () => void;
let functions: Functions;
let posted: readonly ApiAnswer[] = [];

interface Functions {
  readonly ingest: typeof import('../../src/apps/ingest.lambda.ts');
  readonly load: typeof import('../../src/apps/load.lambda.ts');
  readonly api: typeof import('../../src/apps/api.lambda.ts');
  readonly migrate: typeof import('../../src/apps/migrate.lambda.ts');
}

beforeAll(async () => {
  cloud = await startCloud();
  proxy = await startFaultProxy(cloud.endpoint);
  redshift = await startRedshift({ s3Endpoint: cloud.endpoint });
  single = await openSingleMachine([till, reader, admin]);
  await cloud.putKeys([till, reader, admin].map(({ stored }) => stored));
  const endpoints = { firehose: proxy.endpoint, redshift: redshift.endpoint };
  restore = setEnvironment(functionEnvironment(cloud, endpoints));
  functions = {
    ingest: await import('../../src/apps/ingest.lambda.ts'),
    load: await import('../../src/apps/load.lambda.ts'),
    api: await import('../../src/apps/api.lambda.ts'),
    migrate: await import('../../src/apps/migrate.lambda.ts'),
  };
});
afterAll(async () => {
  restore?.();
  await single?.close();
  await redshift?.stop();
  await proxy?.stop();
  await cloud?.stop();
});

const asked = (request: ApiRequest = {}, key = reader): ApiRequest => ({
  ...request,
  headers: { ...key.headers, ...request.headers },
});
const ask = (url: string, request?: ApiRequest, key = reader): Promise<ApiAnswer> =>
  askFunction(functions.api.handler, url, asked(request, key));

/** What both answered to the same request. */
interface Posted {
  readonly cloud: ApiAnswer;
  readonly single: ApiAnswer;
}

async function post({ contentType, body }: OrderRequest): Promise<Posted> {
  const request = asked({ method: 'POST', headers: { 'content-type': contentType }, body }, till);
  const [inCloud, onOne] = [
    await askFunction(functions.ingest.handler, '/v1/orders', request),
    await single.ask('/v1/orders', request),
  ];
  return { cloud: inCloud, single: onOne };
}

/** Tells the loader of objects, each in a message of its own; the keys of those that it wants to be told of again. */
async function notify(objects: readonly LandedObject[]): Promise<string[]> {
  const answer = await functions.load.handler(landedEvent(cloudNames.bucket, objects), lambdaContext());
  if (!('batchItemFailures' in answer)) throw new Error('The answer is none to SQS.');
  return answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
}

const counted = async (): Promise<number> => {
  const { rows } = await redshift.pg.query('SELECT COUNT(*) AS heads FROM order_head');
  return Number(rows[0]?.heads);
};

async function putStores(): Promise<void> {
  await single.putStores(traffic.stores, admin);
  const path = join(tmpdir(), 'slicehouse-end-to-end-stores.ndjson');
  const records = traffic.stores.map((store) => {
    const normalised = normaliseStore(store);
    if ('faults' in normalised) throw new Error(JSON.stringify(normalised.faults));
    return JSON.stringify(normalised.record);
  });
  writeFileSync(path, records.join('\n'));
  const warehouse = await openWarehouse(createTelemetry('test'));
  await warehouse.upsertStores(path);
  rmSync(path);
}

async function expectReportsOfOneMachine(): Promise<void> {
  await single.settled();
  await expectEqualReports(ask, (url) => single.ask(url, asked()));
}

describe('a thousand orders in the cloud', () => {
  it('have a warehouse with its schema and census figures', async () => {
    const event = { RequestType: 'Create' } as Parameters<Functions['migrate']['handler']>[0];
    const answer = await functions.migrate.handler(event, lambdaContext());
    expect(answer).toMatchObject({
      PhysicalResourceId: 'slicehouse-schema',
      Data: { SchemaVersion: expect.any(String) },
    });
    // A deployment that changes nothing finds everything in place.
    expect(
      await functions.migrate.handler({ ...event, RequestType: 'Update' } as typeof event, lambdaContext()),
    ).toEqual(answer);
  });

  it('are answered as on one machine, while Firehose takes some of each call only and the token runs out once', async () => {
    const seen = new Set<string>();
    let expired = 1;
    proxy.faults = [
      failing(() => proxy.calls.length > 20 && expired-- > 0, { status: 400, code: 'ExpiredTokenException' }),
      // A third of the records is not taken the first time it comes.
      partly((record) => record.length % 3 !== 0 || seen.has(record) || !seen.add(record)),
    ];
    const answers: Posted[] = [];
    for (const request of traffic.requests) answers.push(await post(request));
    posted = answers.map((answer) => answer.cloud);
    proxy.faults = [];
    expect(seen.size).toBeGreaterThan(300);
    expect(expired).toBeLessThan(1);
    for (const answer of answers) {
      expect(answer.cloud.status).toBe(answer.single.status);
      expect(answer.cloud.json).toEqual(answer.single.json);
    }
  });

  it('lie in the bucket, each line once', async () => {
    const lines = [...(await cloud.objects('landing/')), ...(await cloud.objects('quarantine/'))].flatMap(({ text }) =>
      text.trimEnd().split('\n'),
    );
    expect(lines).toHaveLength(traffic.lines);
    expect(new Set(lines.map((line) => JSON.parse(line).type))).toEqual(new Set(['order', 'reject']));
  });

  it('count nothing of a load that breaks off between COPY and MERGE, and come again', async () => {
    const objects = shuffled(await cloud.landed(), random).slice(0, 8);
    // All together, then two of them alone: after that the objects are not what is wrong.
    redshift.faults.failStatement(/^\s*MERGE INTO order_head/, 'ERROR: the connection was lost', 3);
    expect((await notify(objects)).sort()).toEqual(objects.map(({ key }) => key).sort());
    expect(await counted()).toBe(0);
    expect(await notify(objects)).toEqual([]);
    expect(await counted()).toBeGreaterThan(0);
  });

  it('are told of twice and in any order, one file never; loads meet conflicts, lost answers and a token that ran out', async () => {
    const [withheld, ...others] = shuffled(await cloud.landed(), random);
    const notifications = shuffled([...others, ...others.slice(0, 30)], random);
    const rounds = parts(notifications, 10);
    for (const [round, objects] of rounds.entries()) {
      if (round === 1) redshift.faults.conflict(/^\s*MERGE INTO order_head/, 2);
      if (round === 2) redshift.faults.dropAnswer('BatchExecuteStatement');
      if (round === 3) redshift.faults.refuse('ExecuteStatement', 'ExpiredTokenException');
      if (round === 4) await putStores();
      expect([round, await notify(objects)]).toEqual([round, []]);
    }
    const { json } = await ask('/v1/pipeline');
    expect(json).toMatchObject({ backlog: { waitingSegments: 1, waitingBytes: withheld?.bytes } });
    expect(json.in_flight).toBeGreaterThan(0);
  });

  it('are all loaded once bucket and ledger have been compared', async () => {
    const reconcile = (graceMinutes: number) =>
      functions.load.handler({ action: 'reconcile', graceMinutes }, lambdaContext());
    expect(await reconcile(10)).toEqual({ found: 0, loaded: 0 });
    expect(await reconcile(0)).toEqual({ found: 1, loaded: 1 });
    expect(await reconcile(0)).toEqual({ found: 0, loaded: 0 });
    expect(await counted()).toBe(orders);
  });

  it('give every report exactly as one machine gives it', async () => {
    const summary = await ask('/v1/reports/sales-summary');
    expect(summary.json.rows[0].orders).toBeGreaterThan(orders * 0.9);
    expect((await ask('/v1/reports/sales-by-state')).json.rows.length).toBeGreaterThan(20);
    await expectReportsOfOneMachine();
  });

  it('balance in the books', async () => {
    const [inCloud, onOne] = [(await ask('/v1/pipeline')).json, (await single.ask('/v1/pipeline', asked())).json];
    const sum = (days: Record<string, number>[], name: string): number =>
      days.reduce((total, day) => total + (day[name] ?? 0), 0);
    expect(inCloud.days.every(({ balanced }: { balanced: boolean }) => balanced)).toBe(true);
    for (const name of ['received', 'quarantined']) expect(sum(inCloud.days, name)).toBe(sum(onOne.days, name));
    expect(sum(inCloud.days, 'received')).toBe(traffic.lines);
    expect(inCloud).toMatchObject({ in_flight: 0, backlog: { waitingSegments: 0, oldestWaitingMs: null } });
    expect(inCloud.quarantine).toEqual(onOne.quarantine);
    expect(inCloud.freshness.records).toBeGreaterThan(orders);
  });

  it('have receipts that say the same', async () => {
    const receipts = [...new Set(posted.flatMap(({ json }) => json.receipt ?? []))];
    expect(receipts.length).toBeGreaterThan(10);
    for (const receipt of receipts) {
      const [inCloud, onOne] = [
        await ask(`/v1/receipts/${receipt}`),
        await single.ask(`/v1/receipts/${receipt}`, asked()),
      ];
      const { order_id, outcome, duplicates, source } = onOne.json;
      expect(inCloud.json).toMatchObject({ order_id, outcome, duplicates, source, visible: expect.any(String) });
    }
  });
});

describe('records in quarantine', () => {
  const list = (answer: ApiAnswer): Record<string, unknown>[] =>
    answer.json.quarantine
      .map(({ id, source, code, reason, bytes }: Record<string, unknown>) => ({ id, source, code, reason, bytes }))
      .sort((a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1));

  it('are the same ones, with their exact bytes', async () => {
    const [inCloud, onOne] = [
      await ask('/v1/quarantine', {}, admin),
      await single.ask('/v1/quarantine', asked({}, admin)),
    ];
    expect(list(inCloud)).toEqual(list(onOne));
    expect(list(inCloud).length).toBeGreaterThan(10);
    for (const { id } of list(onOne)) {
      const url = `/v1/quarantine/${id}`;
      const [one, other] = [await ask(url, {}, admin), await single.ask(url, asked({}, admin))];
      expect(one.json.bytes_base64).toEqual(other.json.bytes_base64);
    }
  });

  it('are replayed once, corrected, and counted', async () => {
    const [{ id } = { id: '' }] = list(await ask('/v1/quarantine', {}, admin));
    const body = JSON.stringify(anOrder({ order_id: 'mended' }));
    const request = { method: 'POST', headers: { 'content-type': 'application/json' }, body };
    const url = `/v1/quarantine/${id}/replay`;
    expect(await ask(url, request, admin)).toMatchObject({ status: 202, json: { order_id: 'mended' } });
    expect(await single.ask(url, asked(request, admin))).toMatchObject({ status: 202, json: { order_id: 'mended' } });
    expect(await ask(url, request, admin)).toMatchObject({ status: 409, json: { code: 'already_resolved' } });
    await functions.load.handler({ action: 'reconcile', graceMinutes: 0 }, lambdaContext());
    await expectReportsOfOneMachine();
    expect((await ask('/v1/pipeline')).json.quarantine).toMatchObject({ replayed: 1 });
  });
});

describe('the api function', () => {
  it('keeps answers for as long as the data stays the same, for each caller', async () => {
    const url = '/v1/reports/top-combinations?state=CA&limit=7';
    const first = await ask(url);
    const again = await ask('/v1/reports/top-combinations?limit=7&state=CA');
    expect(first.headers['slicehouse-cache']).toBeUndefined();
    expect(again.headers['slicehouse-cache']).toBe('hit');
    expect(again.json).toEqual(first.json);
    expect((await ask(url, {}, admin)).headers['slicehouse-cache']).toBeUndefined();
    expect((await ask(url, {}, till)).status).toBe(403);
    await post({ contentType: 'application/json', body: Buffer.from(JSON.stringify(anOrder({ order_id: 'new' }))) });
    await functions.load.handler({ action: 'reconcile', graceMinutes: 0 }, lambdaContext());
    const fresh = await ask(url);
    expect(fresh.headers['slicehouse-cache']).toBeUndefined();
    expect(fresh.json.freshness.data_version).toBeGreaterThan(first.json.freshness.data_version);
  });

  it('packs answers, and says where to turn to for what it does not offer', async () => {
    const packed = await ask('/v1/reports/product-mix?limit=10000', { headers: { 'accept-encoding': 'gzip' } });
    expect(packed.headers['content-encoding']).toBe('gzip');
    expect(JSON.parse(String(gunzipSync(packed.bytes))).rows.length).toBeGreaterThan(50);
    for (const [method, url] of [
      ['GET', '/v1/events'],
      ['POST', '/v1/refresh'],
      ['POST', '/v1/verify'],
      ['PUT', '/v1/reference/stores'],
    ] as const) {
      const answer = await ask(url, { method }, admin);
      expect([url, answer.status, answer.json.code]).toEqual([url, 404, 'not_found']);
      expect(answer.json.detail.length).toBeGreaterThan(60);
    }
    expect((await ask('/openapi.json')).json.paths).toHaveProperty('/v1/reports/top-combinations');
  });
});

function parts<T>(all: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, part) => all.slice(part * size, (part + 1) * size));
}
