import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { proxyOf } from '../../src/apps/cloud/lambda-app.ts';
import { openIngest } from '../../src/apps/cloud/open-ingest.ts';
import { claiming } from '../../src/apps/cloud/quarantine-claims.ts';
import { SecretKeys } from '../../src/apps/cloud/secret-keys.ts';
import { createTelemetry } from '../../src/apps/cloud/telemetry.ts';
import { SlicehouseError } from '../../src/contract/errors.ts';
import { createApp } from '../../src/http/create-app.ts';
import { anOrder } from '../../test/support/orders.ts';
import { askFunction } from './support/lambda-events.ts';
import { type FaultProxy, failing, startFaultProxy } from './support/lambda-fault-proxy.ts';
import { setEnvironment, testKey } from './support/lambda-functions.ts';
import { type Cloud, cloudNames, functionEnvironment, startCloud } from './support/lambda-moto.ts';

let cloud: Cloud;
let proxy: FaultProxy;
beforeAll(async () => {
  cloud = await startCloud();
  proxy = await startFaultProxy(cloud.endpoint);
});
afterAll(async () => {
  await proxy?.stop();
  await cloud?.stop();
});

describe('claims on records in quarantine', () => {
  const { bucket } = cloudNames;
  let appended: string[];
  beforeEach(() => {
    appended = [];
  });
  /** An instance of the function, with a clock that may run ahead. */
  const instance = (aheadMs = 0, append = async (records: readonly string[]) => void appended.push(...records)) =>
    claiming({ stream: { append }, s3: cloud.s3, bucket, now: () => Date.now() + aheadMs });
  const replay = (id: string): string => `{"type":"order","order_id":"A","replays":"${id}","accepted_at_ms":1}`;
  const drop = (id: string): string => `{"type":"drop","quarantine_id":"${id}","accepted_at_ms":1}`;

  it('let one of many instances take a record out', async () => {
    const attempts = Array.from({ length: 8 }, (_, index) =>
      instance().append([index % 2 === 0 ? replay('q-1') : drop('q-1')]),
    );
    const outcomes = await Promise.allSettled(attempts);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const outcome of outcomes)
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'already_resolved' });
    expect(appended).toHaveLength(1);
  });

  it('are let go of when another record of the same call is taken', async () => {
    await instance().append([drop('q-3')]);
    await expect(instance().append([drop('q-2'), drop('q-3')])).rejects.toMatchObject({ code: 'already_resolved' });
    await instance().append([drop('q-2')]);
    expect(appended).toEqual([drop('q-3'), drop('q-2')]);
  });

  it('stay after an append that may have been taken in part, for a quarter of an hour', async () => {
    const broken = instance(0, () => Promise.reject(new SlicehouseError('overloaded', 'Not now.')));
    await expect(broken.append([replay('q-4')])).rejects.toMatchObject({ code: 'overloaded' });
    await expect(instance(10 * 60_000).append([replay('q-4')])).rejects.toMatchObject({ code: 'already_resolved' });
    await instance(16 * 60_000).append([replay('q-4')]);
    expect(appended).toEqual([replay('q-4')]);
  });

  it('are not asked for by orders that replay nothing', async () => {
    const order = '{"type":"order","order_id":"\\"replays\\":","accepted_at_ms":1}';
    await instance().append([order]);
    await instance().append([order]);
    expect(appended).toEqual([order, order]);
  });
});

describe('keys in a secret', () => {
  const [first, second] = [testKey('till', 'ingest'), testKey('office', 'read')];
  const tokenOf = ({ headers }: typeof first): string => headers.authorization.replace('Bearer ', '');
  let nowMs = 0;
  const newKeys = (): SecretKeys =>
    new SecretKeys({
      client: new SecretsManagerClient({
        region: 'us-east-1',
        credentials: { accessKeyId: 'test', secretAccessKey: 'test-secret' },
        endpoint: proxy.endpoint,
        maxAttempts: 1,
      }),
      secretId: cloudNames.keysSecret,
      now: () => nowMs,
    });

  it('are read once a minute, so that a revoked key is refused a minute later', async () => {
    await cloud.putKeys([first.stored, second.stored]);
    const keys = newKeys();
    await keys.refresh();
    expect(keys.find(tokenOf(first))).toMatchObject({ source: 'till', role: 'ingest' });
    await cloud.putKeys([second.stored]);
    nowMs += 59_000;
    await keys.refresh();
    expect(keys.find(tokenOf(first))).toBeDefined();
    nowMs += 1_000;
    await keys.refresh();
    expect(keys.find(tokenOf(first))).toBeUndefined();
    expect(keys.find(tokenOf(second))).toBeDefined();
  });

  it('hold for a quarter of an hour while the secret cannot be read', async () => {
    const keys = newKeys();
    await keys.refresh();
    proxy.faults = [failing(() => true, { status: 500, code: 'InternalServiceError' })];
    nowMs += 14 * 60_000;
    await keys.refresh();
    expect(keys.find(tokenOf(second))).toBeDefined();
    nowMs += 2 * 60_000;
    await expect(keys.refresh()).rejects.toMatchObject({ name: 'InternalServiceError' });
    await expect(newKeys().refresh()).rejects.toMatchObject({ name: 'InternalServiceError' });
    proxy.faults = [];
    await keys.refresh();
  });

  it('are not taken from a secret that is something else, and the message does not quote it', async () => {
    const wrong = [[{ ...first.stored, role: 'owner' }], [{ id: 'x' }]];
    for (const value of wrong) {
      await cloud.putKeys(value);
      await expect(newKeys().refresh()).rejects.toThrow(/^The secret of the keys does not hold a list of keys/);
    }
  });
});

describe('what the functions print', () => {
  it('has neither orders nor keys in it, however much is logged and whatever goes wrong', async () => {
    const key = testKey('till', 'ingest');
    await cloud.putKeys([key.stored]);
    const environment = functionEnvironment(cloud, { firehose: proxy.endpoint });
    const restore = setEnvironment({ ...environment, SLICEHOUSE_LOG_LEVEL: 'trace' });
    const lines: string[] = [];
    const spy = vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => Boolean(lines.push(String(chunk))));
    const errors = vi.spyOn(process.stderr, 'write').mockImplementation((chunk) => Boolean(lines.push(String(chunk))));
    try {
      const telemetry = createTelemetry('ingest');
      const proxied = telemetry.handler(await openIngest(telemetry));
      const headers = { ...key.headers, 'content-type': 'application/json' };
      const post = (body: string) => askFunction(proxied, '/v1/orders', { method: 'POST', headers, body });
      expect(await post(JSON.stringify(anOrder({ order_id: 'Geheimnis' })))).toMatchObject({ status: 202 });
      expect(await post('{"order_id":"Geheimnis')).toMatchObject({ status: 400 });
      proxy.faults = [failing(({ target }) => target !== '', { status: 400, code: 'ResourceNotFoundException' })];
      expect(await post(JSON.stringify(anOrder({ order_id: 'Geheimnis' })))).toMatchObject({ status: 500 });
    } finally {
      proxy.faults = [];
      spy.mockRestore();
      errors.mockRestore();
      restore();
    }
    const printed = lines.join('');
    expect(printed).toContain('"OrdersAccepted":1');
    expect(printed).toContain('request failed');
    for (const secret of ['Geheimnis', Buffer.from('Geheimnis').toString('base64').slice(0, 11)])
      expect(printed).not.toContain(secret);
    expect(printed).not.toContain(key.headers.authorization.slice(-20));
    expect(printed).not.toContain(key.stored.secret_sha256);
  });
});

describe('an answer that Lambda would drop', () => {
  it('becomes a problem document that says what to do', async () => {
    const app = await createApp(createTelemetry('test').log, '0.0.0');
    app.get('/large', async () => 'x'.repeat(7 * 1024 * 1024));
    app.get('/small', async () => 'x');
    const proxied = await proxyOf(app);
    expect(await askFunction(proxied, '/small')).toMatchObject({ status: 200, text: 'x' });
    const answer = await askFunction(proxied, '/large');
    expect(answer).toMatchObject({ status: 413, json: { code: 'payload_too_large' } });
    expect(answer.json.detail).toMatch(/7 MiB.*gzip/);
  });
});
