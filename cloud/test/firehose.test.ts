import { FirehoseClient } from '@aws-sdk/client-firehose';
import { S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { SlicehouseError } from '../../src/contract/errors.ts';
import { FirehoseStream } from '../../src/stream/firehose/firehose-stream.ts';
import { type FaultProxy, failing, partly, startFaultProxy } from './support/lambda-fault-proxy.ts';
import { type Cloud, cloudNames, startCloud } from './support/lambda-moto.ts';

let cloud: Cloud;
let proxy: FaultProxy;
let stream: FirehoseStream;
const { bucket, ordersStream, rejectsStream } = cloudNames;

beforeAll(async () => {
  cloud = await startCloud();
  proxy = await startFaultProxy(cloud.endpoint);
  const account = { region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test-secret' } };
  const firehose = new FirehoseClient({ ...account, endpoint: proxy.endpoint, maxAttempts: 1 });
  const s3 = new S3Client({
    ...account,
    endpoint: proxy.endpoint,
    forcePathStyle: true,
    requestChecksumCalculation: 'WHEN_REQUIRED',
  });
  stream = new FirehoseStream({ firehose, s3, bucket, ordersStream, rejectsStream, patienceMs: 1_500 });
});
afterAll(async () => {
  await proxy?.stop();
  await cloud?.stop();
});

let known = new Set<string>();
beforeEach(async () => {
  proxy.faults = [];
  known = new Set(
    [...(await cloud.objects('landing/')), ...(await cloud.objects('quarantine/'))].map(({ key }) => key),
  );
});

/** The lines that were delivered below a prefix since the test began, in order; throws unless the last ends. */
async function delivered(prefix: string): Promise<string[]> {
  const objects = (await cloud.objects(prefix)).filter(({ key }) => !known.has(key));
  const text = objects.map((object) => object.text).join('');
  expect(text === '' || text.endsWith('\n')).toBe(true);
  return text.split('\n').slice(0, -1);
}

const order = (id: number | string, more = ''): string => `{"type":"order","order_id":"${id}"${more}}`;
const reject = (bytes: string): string => `{"type":"reject","bytes":"${bytes}"}`;
const calls = (from: number): number =>
  proxy.calls.slice(from).filter(({ target }) => target.endsWith('PutRecordBatch')).length;

describe('appending to Firehose', () => {
  it('sends orders and drops to the one stream, rejects to the other, a line each', async () => {
    const drop = '{"type":"drop","quarantine_id":"q"}';
    await stream.append([order(1), reject('eA=='), drop, order(2, ',"store":"Zürich 🍕"')]);
    expect(await delivered('landing/')).toEqual([order(1), drop, order(2, ',"store":"Zürich 🍕"')]);
    expect(await delivered('quarantine/')).toEqual([reject('eA==')]);
  });

  it('sends many in calls of 500', async () => {
    const from = proxy.calls.length;
    const records = Array.from({ length: 1_200 }, (_, index) => order(index));
    await stream.append(records);
    expect((await delivered('landing/')).sort()).toEqual([...records].sort());
    expect(calls(from)).toBe(3);
  });

  it('sends again only what failed, until Firehose has all', async () => {
    const from = proxy.calls.length;
    let left = 3;
    proxy.faults = [(call, forward) => (left-- > 0 ? partly((_, index) => index % 3 === 0)(call, forward) : undefined)];
    const records = Array.from({ length: 40 }, (_, index) => order(index));
    await stream.append(records);
    expect((await delivered('landing/')).sort()).toEqual([...records].sort());
    expect(calls(from)).toBe(4);
  });

  it('goes on after calls that fail as a whole: throttled, broken, with credentials that ran out', async () => {
    const failures = [
      { status: 503, code: 'ServiceUnavailableException' },
      { status: 500, code: 'InternalFailure' },
      { status: 400, code: 'ExpiredTokenException' },
      { status: 400, code: 'ThrottlingException' },
    ];
    proxy.faults = [
      (call, forward) => {
        const failure = failures.shift();
        return failure && failing(() => true, failure)(call, forward);
      },
    ];
    await stream.append([order('A')]);
    expect(failures).toEqual([]);
    expect(await delivered('landing/')).toEqual([order('A')]);
  });

  it('says overloaded, and when to come back, when Firehose stays throttled', async () => {
    proxy.faults = [partly((record) => !record.includes('"B"'))];
    const error = await stream.append([order('A'), order('B'), order('C')]).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'overloaded', retryAfterSeconds: 5 } satisfies Partial<SlicehouseError>);
    expect(await delivered('landing/')).toEqual([order('A'), order('C')]);
  });

  it('does not try again what can never work', async () => {
    const from = proxy.calls.length;
    proxy.faults = [failing(() => true, { status: 400, code: 'ResourceNotFoundException' })];
    await expect(stream.append([order('A')])).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    expect(calls(from)).toBe(1);
  });

  it('puts a record that is too large for Firehose where Firehose would have put it', async () => {
    const large = reject('A'.repeat(3_000_000));
    await stream.append([reject('AAAA'), large, order(1)]);
    expect((await delivered('quarantine/')).sort()).toEqual([large, reject('AAAA')].sort());
    expect(await delivered('landing/')).toEqual([order(1)]);
  });

  it('takes nothing that would not be one line', async () => {
    await expect(stream.append(['{"type":"order",\n"order_id":"A"}'])).rejects.toThrow('no record of one line');
    expect(await delivered('landing/')).toEqual([]);
  });
});
