import { PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anOrder } from '../../test/support/orders.ts';
import { type ApiAnswer, type ApiRequest, askFunction, lambdaContext } from './support/lambda-events.ts';
import { setEnvironment, testKey } from './support/lambda-functions.ts';
import { openSingleMachine, type SingleMachine } from './support/lambda-house.ts';
import { type Cloud, cloudNames, functionEnvironment, startCloud } from './support/lambda-moto.ts';
import { type Redshift, startRedshift } from './support/redshift-stand-in.ts';

let cloud: Cloud;
let redshift: Redshift;
let single: SingleMachine;
let restore: () => void;
let load: typeof import('../../src/apps/load.lambda.ts');
let api: typeof import('../../src/apps/api.lambda.ts');
let ingest: typeof import('../../src/apps/ingest.lambda.ts');
const [till, admin] = [testKey('till', 'ingest'), testKey('head', 'admin')];

beforeAll(async () => {
  cloud = await startCloud();
  redshift = await startRedshift({ s3Endpoint: cloud.endpoint });
  single = await openSingleMachine([till, admin]);
  await cloud.putKeys([till.stored, admin.stored]);
  restore = setEnvironment(functionEnvironment(cloud, { redshift: redshift.endpoint }));
  const { handler: migrate } = await import('../../src/apps/migrate.lambda.ts');
  await migrate({ RequestType: 'Create' } as Parameters<typeof migrate>[0], lambdaContext());
  load = await import('../../src/apps/load.lambda.ts');
  api = await import('../../src/apps/api.lambda.ts');
  ingest = await import('../../src/apps/ingest.lambda.ts');
});
afterAll(async () => {
  restore?.();
  await single?.close();
  await redshift?.stop();
  await cloud?.stop();
});

/** About 200 KB of an order, the last bytes of which say which one it is. */
const large = (id: string, changes: object = {}): string => {
  const order = JSON.stringify(anOrder({ order_id: id, ...changes }));
  return `{${' '.repeat(200_000)}${order.slice(1)}`;
};
const broken = (id: string): string => `{"note":"${'ü🍕'.repeat(33_000)}","id":"${id}`;
const wrong = large('wrong', { lines: [] });
const bodies = [JSON.stringify(anOrder({ order_id: 'good' })), wrong, broken('a'), broken('bc'), '{"order_id":'];

const asAdmin = (request: ApiRequest = {}): ApiRequest => ({
  ...request,
  headers: { ...admin.headers, 'content-type': 'application/json', ...request.headers },
});
const ask = (url: string, request?: ApiRequest): Promise<ApiAnswer> => askFunction(api.handler, url, asAdmin(request));
const loadAll = () => load.handler({ action: 'reconcile', graceMinutes: 0 }, lambdaContext());

interface Shown {
  readonly id: string;
  readonly bytes: number;
  readonly text: string;
}
const list = ({ json }: ApiAnswer): Shown[] =>
  json.quarantine
    .map(({ id, bytes, text, code }: Shown & { code: string }) => ({ id, bytes, text, code }))
    .sort((one: Shown, other: Shown) => (one.id < other.id ? -1 : 1));

describe('records in quarantine that are larger than a row of a result', () => {
  it('are shown as on one machine, in the list and each whole', async () => {
    const request = {
      method: 'POST',
      headers: { ...till.headers, 'content-type': 'application/x-ndjson' },
      body: bodies.join('\n'),
    };
    expect(await askFunction(ingest.handler, '/v1/orders', request)).toMatchObject({ json: { accepted: 1 } });
    await single.ask('/v1/orders', request);
    await single.settled();
    await loadAll();
    const [inCloud, onOne] = [list(await ask('/v1/quarantine')), list(await single.ask('/v1/quarantine', asAdmin()))];
    expect(inCloud).toEqual(onOne);
    expect(inCloud.map(({ bytes }) => bytes).sort()).toEqual(
      bodies
        .slice(1)
        .map((body) => Buffer.byteLength(body))
        .sort(),
    );
    for (const { id } of onOne) {
      const url = `/v1/quarantine/${id}`;
      const [one, other] = [(await ask(url)).json, (await single.ask(url, asAdmin())).json];
      expect(bodies).toContain(one.text);
      for (const name of ['bytes', 'text', 'bytes_base64', 'faults']) expect(one[name]).toEqual(other[name]);
    }
  });

  it('are judged whole when they are replayed, and stay when they are still wrong', async () => {
    const stored = list(await ask('/v1/quarantine')).find(({ bytes }) => bytes === Buffer.byteLength(wrong));
    const replay = { method: 'POST' };
    const url = `/v1/quarantine/${stored?.id}/replay`;
    const [one, other] = [await ask(url, replay), await single.ask(url, asAdmin(replay))];
    expect(one.status).toBe(422);
    expect([one.status, one.json.errors]).toEqual([other.status, other.json.errors]);
    const all = { method: 'POST', body: '{"all":true}' };
    const [bulk, otherBulk] = [
      await ask('/v1/quarantine/replay', all),
      await single.ask('/v1/quarantine/replay', asAdmin(all)),
    ];
    expect(bulk.json).toMatchObject({ replayed: 0, refused_total: 4 });
    expect(bulk.json).toEqual(otherBulk.json);
  });

  it('are replayed as they are and counted, one by one and in bulk', async () => {
    const rejects = ['one', 'two', 'three'].map((id) => ({
      origin: null,
      code: 'wrong_then',
      reason: 'It was wrong when it came.',
      bytes_base64: Buffer.from(large(id)).toString('base64'),
    }));
    const body = JSON.stringify({ source: 'till', rejects });
    expect(await ask('/v1/quarantine', { method: 'POST', body })).toMatchObject({ status: 202 });
    await loadAll();
    const [first] = list(await ask('/v1/quarantine?code=wrong_then'));
    const replayed = await ask(`/v1/quarantine/${first?.id}/replay`, { method: 'POST' });
    expect(replayed.status).toBe(202);
    const bulk = await ask('/v1/quarantine/replay', { method: 'POST', body: '{"code":"wrong_then"}' });
    expect(bulk).toMatchObject({ status: 202, json: { replayed: 2 } });
    await loadAll();
    expect(list(await ask('/v1/quarantine?code=wrong_then&status=replayed'))).toHaveLength(3);
    const { rows } = await redshift.pg.query('SELECT order_id FROM order_head ORDER BY order_id');
    expect(rows.map(({ order_id }) => order_id)).toEqual(['good', 'one', 'three', 'two']);
  });

  it('are lines of segment files too, which could not be loaded', async () => {
    const line = `no JSON ${'x'.repeat(200_000)}`;
    await putObject('landing/2026/11/22/10/torn', `\n${line}\n`);
    await loadAll();
    const found = (await ask('/v1/quarantine?code=unreadable_record')).json.quarantine;
    expect(found).toMatchObject([{ bytes: line.length, text: line.slice(0, 2_000) }]);
    expect((await ask(`/v1/quarantine/${found[0].id}`)).json).toMatchObject({ bytes: line.length, text: line });
  });
});

async function putObject(Key: string, Body: string): Promise<void> {
  await cloud.s3.send(new PutObjectCommand({ Bucket: cloudNames.bucket, Key, Body }));
}
