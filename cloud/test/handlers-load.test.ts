import { gzipSync } from 'node:zlib';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { anOrder, delivered } from '../../test/support/orders.ts';
import { type LoadEvent, lambdaContext, landedEvent } from './support/lambda-events.ts';
import { setEnvironment } from './support/lambda-functions.ts';
import { type Cloud, cloudNames, functionEnvironment, startCloud } from './support/lambda-moto.ts';
import { type Redshift, startRedshift } from './support/redshift-stand-in.ts';

let cloud: Cloud;
let redshift: Redshift;
let restore: () => void;
let load: typeof import('../../src/apps/load.lambda.ts');
const bucket = cloudNames.bucket;

beforeAll(async () => {
  cloud = await startCloud();
  redshift = await startRedshift({ s3Endpoint: cloud.endpoint });
  restore = setEnvironment(functionEnvironment(cloud, { redshift: redshift.endpoint }));
  const migrate = await import('../../src/apps/migrate.lambda.ts');
  const event = { RequestType: 'Create' } as Parameters<typeof migrate.handler>[0];
  await migrate.handler(event, lambdaContext());
  load = await import('../../src/apps/load.lambda.ts');
});
afterAll(async () => {
  restore?.();
  await redshift?.stop();
  await cloud?.stop();
});

const line = (order_id: string): string =>
  `${JSON.stringify(delivered(anOrder({ order_id }), 'till', Date.now() - 4_000))}\n`;

async function put(key: string, content: string | Buffer): Promise<{ key: string; bytes: number }> {
  await cloud.s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: content }));
  return { key, bytes: Buffer.byteLength(content) };
}

/** Everything that is printed meanwhile: log lines and metrics. */
async function printed<T>(task: () => Promise<T>): Promise<{ result: T; lines: string[] }> {
  const lines: string[] = [];
  const spy = vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    lines.push(...String(chunk).split('\n'));
    return true;
  });
  try {
    return { result: await task(), lines };
  } finally {
    spy.mockRestore();
  }
}

const failuresOf = (answer: Awaited<ReturnType<typeof load.handler>>): string[] =>
  'batchItemFailures' in answer ? answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier) : ['no answer'];
const orderIds = async (): Promise<string[]> =>
  (await redshift.pg.query('SELECT order_id FROM order_head ORDER BY order_id')).rows.map((row) => row.order_id);

describe('the load function', () => {
  it('names the messages that failed, and loads the others', async () => {
    const objects = [
      await put('landing/2026/11/22/10/a b+ü.ndjson', line('plain')),
      { key: 'landing/2026/11/22/10/vanished', bytes: 10 },
      await put('landing/2026/11/22/10/packed.gz', gzipSync(line('packed-1') + line('packed-2'))),
      await put('landing/2026/11/22/10/empty', ''),
    ];
    const messages = landedEvent(bucket, objects) as { Records: object[] };
    const test = { Service: 'Amazon S3', Event: 's3:TestEvent', Bucket: bucket };
    messages.Records.push(
      { messageId: 'test', body: JSON.stringify(test) },
      { messageId: 'nonsense', body: '{"Records":' },
    );
    const answer = await load.handler(messages as LoadEvent, lambdaContext());
    expect(failuresOf(answer).sort()).toEqual(['landing/2026/11/22/10/vanished', 'nonsense']);
    expect(await orderIds()).toEqual(['packed-1', 'packed-2', 'plain']);
  });

  it('puts lines into quarantine that are no records or do not fit, and tells in metrics what became of all', async () => {
    const long = line('long').replace('"store_id":"s-1"', `"store_id":"${'x'.repeat(300)}"`);
    const object = await put('landing/2026/11/22/10/mixed', `${line('good')}no JSON\n${long}${line('good')}`);
    const { result, lines } = await printed(() => load.handler(landedEvent(bucket, [object]), lambdaContext()));
    expect(failuresOf(result)).toEqual([]);
    expect(await orderIds()).toContain('good');
    const { rows } = await redshift.pg.query('SELECT code, bytes FROM quarantine ORDER BY LENGTH(bytes)');
    expect(rows.map(({ bytes }) => Buffer.from(bytes, 'base64').toString().trimEnd())).toEqual([
      'no JSON',
      long.trimEnd(),
    ]);
    const metrics = lines.filter((text) => text.includes('"_aws"')).map((text) => JSON.parse(text));
    expect(metrics).toHaveLength(1);
    expect(metrics[0]).toMatchObject({ service: 'slicehouse', RecordsLoaded: 1, Quarantined: 2, CopyErrors: 2 });
    expect(metrics[0]._aws.CloudWatchMetrics).toMatchObject([{ Namespace: 'Slicehouse', Dimensions: [['service']] }]);
    expect(metrics[0].FreshnessSeconds).toBeGreaterThan(3.9);
    expect(metrics[0].FreshnessSeconds).toBeLessThan(60);
  });

  it('leaves what there is no time for to the next time', async () => {
    const object = await put('landing/2026/11/22/10/late', line('late'));
    const context = { ...lambdaContext(), getRemainingTimeInMillis: () => 30_000 };
    expect(failuresOf(await load.handler(landedEvent(bucket, [object]), context))).toEqual([object.key]);
    expect(await orderIds()).not.toContain('late');
    expect(failuresOf(await load.handler(landedEvent(bucket, [object]), lambdaContext()))).toEqual([]);
    expect(await orderIds()).toContain('late');
  });

  it('gives up after three loads in a row have failed, counts the failures, and prints nothing of what is loaded', async () => {
    const objects = await Promise.all(
      Array.from({ length: 12 }, (_, index) => put(`landing/2026/11/22/11/${index}`, line(`secret-${index}`))),
    );
    redshift.faults.failStatement(/INSERT INTO landed_object/, 'ERROR: the disk is full', 3);
    const { result, lines } = await printed(() => load.handler(landedEvent(bucket, objects), lambdaContext()));
    expect(failuresOf(result).sort()).toEqual(objects.map(({ key }) => key).sort());
    expect(lines.find((text) => text.includes('LoaderFailures'))).toContain('"LoaderFailures":[1,1,1]');
    expect(lines.join('\n')).not.toContain('secret-');
    expect(failuresOf(await load.handler(landedEvent(bucket, objects), lambdaContext()))).toEqual([]);
    expect(await orderIds()).toContain('secret-11');
  });
});

describe('the comparison of bucket and ledger', () => {
  it('finds what was never told of, however it is named, and passes over what is older than it looks', async () => {
    const today = new Date().toISOString().slice(0, 10).replaceAll('-', '/');
    await put(`landing/${today}/12/never-told`, line('never-told'));
    await put('landing/direct/0f', line('direct'));
    await put('quarantine/2019/01/01/00/old', line('old'));
    const ask = (days: number) => load.handler({ action: 'reconcile', days, graceMinutes: 0 }, lambdaContext());
    expect(await ask(1)).toEqual({ found: 2, loaded: 2 });
    expect(await orderIds()).toEqual(expect.arrayContaining(['never-told', 'direct']));
    expect(await orderIds()).not.toContain('old');
    expect(await ask(20_000)).toMatchObject({ loaded: expect.any(Number) });
    expect(await orderIds()).toContain('old');
  });
});
