import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anOrder } from '../../test/support/orders.ts';
import { type ApiAnswer, askFunction, lambdaContext } from './support/lambda-events.ts';
import { type FaultProxy, failing, startFaultProxy } from './support/lambda-fault-proxy.ts';
import { setEnvironment, testKey } from './support/lambda-functions.ts';
import { type Cloud, functionEnvironment, startCloud } from './support/lambda-moto.ts';

let cloud: Cloud;
let proxy: FaultProxy;
let restore: () => void;
let ingest: typeof import('../../src/apps/ingest.lambda.ts');
let authorize: typeof import('../../src/apps/authorize.lambda.ts');
const [till, reader, admin] = [testKey('till', 'ingest'), testKey('office', 'read'), testKey('head', 'admin')];

beforeAll(async () => {
  cloud = await startCloud();
  proxy = await startFaultProxy(cloud.endpoint);
  restore = setEnvironment(functionEnvironment(cloud, { firehose: proxy.endpoint }));
  await cloud.putKeys([till.stored, reader.stored, admin.stored]);
  ingest = await import('../../src/apps/ingest.lambda.ts');
  authorize = await import('../../src/apps/authorize.lambda.ts');
});
afterAll(async () => {
  restore?.();
  await proxy?.stop();
  await cloud?.stop();
});

const json = { 'content-type': 'application/json' };
const post = (body: string | Buffer, headers: Record<string, string> = {}): Promise<ApiAnswer> =>
  askFunction(ingest.handler, '/v1/orders', {
    method: 'POST',
    body,
    headers: { ...json, ...till.headers, ...headers },
  });
const landed = async (prefix = 'landing/'): Promise<Record<string, unknown>[]> =>
  (await cloud.objects(prefix)).flatMap(({ text }) =>
    text
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line)),
  );

describe('the ingest function', () => {
  it('takes an order once Firehose has it, with the source of the key', async () => {
    const answer = await post(JSON.stringify(anOrder({ order_id: 'one' })));
    expect(answer).toMatchObject({ status: 202, json: { order_id: 'one', revision: 1, receipt: expect.any(String) } });
    expect(await landed()).toContainEqual(expect.objectContaining({ type: 'order', order_id: 'one', source: 'till' }));
  });

  it('takes many, packed or not, written in base64 or not; rejects go their own way with their exact bytes', async () => {
    const lines = [
      JSON.stringify(anOrder({ order_id: 'many-1' })),
      '{"order_id":',
      JSON.stringify(anOrder({ order_id: 'many-2' })),
    ];
    const headers = { 'content-type': 'application/x-ndjson', 'content-encoding': 'gzip' };
    const answer = await post(gzipSync(lines.join('\n')), headers);
    expect(answer).toMatchObject({
      status: 202,
      json: { accepted: 2, rejected: [{ line: 2, code: 'malformed_json' }] },
    });
    expect((await landed()).map(({ order_id }) => order_id)).toEqual(expect.arrayContaining(['many-1', 'many-2']));
    expect(await landed('quarantine/')).toEqual([
      expect.objectContaining({
        type: 'reject',
        source: 'till',
        bytes: Buffer.from('{"order_id":').toString('base64'),
      }),
    ]);
  });

  it('answers wrong orders as on one machine', async () => {
    const answer = await post(JSON.stringify(anOrder({ order_id: 'wrong', lines: [] })));
    expect(answer).toMatchObject({ status: 422, json: { code: 'invalid_order', errors: [{ path: '/lines' }] } });
    expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
  });

  it('judges keys itself, whatever stands before it', async () => {
    const body = JSON.stringify(anOrder());
    const ask = (headers: Record<string, string>) =>
      askFunction(ingest.handler, '/v1/orders', { method: 'POST', body, headers: { ...json, ...headers } });
    expect(await ask({})).toMatchObject({ status: 401, json: { code: 'unauthorized' } });
    expect(await ask({ authorization: 'Bearer sh_00000000_x' })).toMatchObject({ status: 401 });
    expect(await ask(reader.headers)).toMatchObject({ status: 403, json: { code: 'forbidden' } });
    expect(await ask(admin.headers)).toMatchObject({ status: 202 });
  });

  it('has no other routes', async () => {
    const answer = await askFunction(ingest.handler, '/v1/reports', { headers: admin.headers });
    expect(answer).toMatchObject({ status: 404, json: { code: 'not_found' } });
  });

  it('acknowledges nothing that Firehose does not have', async () => {
    proxy.faults = [failing(() => true, { status: 400, code: 'ResourceNotFoundException' })];
    const answer = await post(JSON.stringify(anOrder({ order_id: 'lost' })));
    proxy.faults = [];
    expect(answer).toMatchObject({ status: 500, json: { code: 'internal' } });
    expect((await landed()).map(({ order_id }) => order_id)).not.toContain('lost');
  });
});

describe('the authorizer', () => {
  const methodArn = 'arn:aws:execute-api:us-east-1:123456789012:abc123/prod/POST/v1/orders';
  const judge = (headers: Record<string, string>) =>
    authorize.handler(
      { type: 'REQUEST', methodArn, headers } as unknown as Parameters<typeof authorize.handler>[0],
      lambdaContext(),
    );
  const api = 'arn:aws:execute-api:us-east-1:123456789012:abc123/prod';

  it('lets each role call what it may, and passes on role and source', async () => {
    const answer = await judge({ Authorization: till.headers.authorization });
    expect(answer).toEqual({
      principalId: till.stored.id,
      policyDocument: {
        Version: '2012-10-17',
        Statement: [
          {
            Action: 'execute-api:Invoke',
            Effect: 'Allow',
            Resource: [`${api}/POST/v1/orders`, `${api}/GET/v1/receipts/*`],
          },
        ],
      },
      context: { role: 'ingest', source: 'till' },
    });
    const resources = async (key: typeof till) => (await judge(key.headers)).policyDocument.Statement;
    expect(await resources(reader)).toMatchObject([{ Resource: [`${api}/GET/*`] }]);
    expect(await resources(admin)).toMatchObject([{ Resource: [`${api}/*`] }]);
  });

  it('takes the event of a token authorizer as well', async () => {
    const event = { type: 'TOKEN', methodArn, authorizationToken: admin.headers.authorization } as const;
    expect(await authorize.handler(event, lambdaContext())).toMatchObject({ principalId: admin.stored.id });
  });

  it.each([
    ['no key', {}],
    ['an unknown key', { authorization: 'Bearer sh_12345678_abcdef' }],
    ['a wrong secret', { authorization: `Bearer sh_${till.stored.id}_wrong` }],
    ['a hash for a secret', { authorization: `Bearer sh_${till.stored.id}_${till.stored.secret_sha256}` }],
    ['another scheme', { authorization: till.headers.authorization.replace('Bearer', 'Basic') }],
  ])('answers 401 to %s', async (_, headers) => {
    await expect(judge(headers)).rejects.toThrow(/^Unauthorized$/);
  });
});
