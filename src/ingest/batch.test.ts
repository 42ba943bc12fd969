import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { ask, post, postLines, rowsOf, testHouses } from '../../test/support/houses.ts';
import { anOrder, aPizza } from '../../test/support/orders.ts';
import type { House } from '../apps/house.ts';
import { limits } from '../contract/limits.ts';

const newHouse = testHouses();
let house: House;
beforeAll(async () => {
  house = await newHouse();
});

const orders = (count: number, prefix: string): object[] =>
  Array.from({ length: count }, (_, index) => anOrder({ order_id: `${prefix}-${index}` }));

describe('a batch', () => {
  it('takes the good orders beside the bad, and says line, path and reason of each bad one', async () => {
    const own = await newHouse();
    const answer = await postLines(own, [
      anOrder({ order_id: 'A-1' }),
      anOrder({ order_id: 'A-2', lines: [aPizza({ quantity: 0 })] }),
      '',
      '{"order_id":',
      anOrder({ order_id: 'A-3' }),
      '   ',
      { ...anOrder({ order_id: 'A-4' }), store_id: undefined, channel: 'drone' },
    ]);
    expect(answer.status).toBe(202);
    expect(answer.json).toEqual({
      accepted: 2,
      rejected: [
        { line: 2, code: 'invalid_order', errors: [{ path: '/lines/0/quantity', message: 'must be >= 1' }] },
        { line: 4, code: 'malformed_json', errors: [{ path: '', message: expect.stringContaining('not valid JSON') }] },
        {
          line: 7,
          code: 'invalid_order',
          errors: expect.arrayContaining([
            { path: '/store_id', message: 'is missing' },
            { path: '/channel', message: 'must be one of delivery, carryout, dine_in, third_party' },
          ]),
        },
      ],
    });
    expect(await rowsOf(own, 'sales-summary')).toMatchObject([{ orders: 2 }]);
    const { quarantine } = (await ask(own, '/v1/quarantine')).json;
    expect(quarantine).toHaveLength(3);
  });

  it('counts each order once, however often and in whatever parts it is sent', async () => {
    const own = await newHouse();
    const lines = orders(50, 'B');
    await postLines(own, [...lines, ...lines]);
    await postLines(own, lines.slice(20));
    await post(own, lines[0]);
    expect(await rowsOf(own, 'sales-summary')).toMatchObject([{ orders: 50 }]);
  });

  it('is answered 422 when nothing in it could be taken', async () => {
    const answer = await postLines(house, ['{', '[]']);
    expect(answer.status).toBe(422);
    expect(answer.json).toMatchObject({ accepted: 0, rejected: [{ line: 1 }, { line: 2 }] });
  });

  it('may be gzip, have Windows line ends and no last line end', async () => {
    const body = orders(3, 'C')
      .map((order) => JSON.stringify(order))
      .join('\r\n');
    const headers = { 'content-type': 'application/x-ndjson', 'content-encoding': 'gzip' };
    expect((await post(house, gzipSync(body), headers)).json).toEqual({ accepted: 3, rejected: [] });
  });

  it('of 10,000 orders is taken, of one more refused as a whole', async () => {
    const own = await newHouse();
    const lines = orders(limits.batchOrdersMax, 'D').map((order) => JSON.stringify(order));
    expect((await postLines(own, lines)).json).toEqual({ accepted: limits.batchOrdersMax, rejected: [] });
    const refused = await postLines(own, [...lines, JSON.stringify(anOrder({ order_id: 'one more' }))]);
    expect(refused.json).toMatchObject({ status: 413, code: 'payload_too_large' });
    expect(refused.json.detail).toContain('10001');
    expect(await rowsOf(own, 'sales-summary')).toMatchObject([{ orders: limits.batchOrdersMax }]);
  });

  it('with nothing but blank lines is nothing', async () => {
    expect((await postLines(house, ['', ' ', ''])).json).toEqual({ accepted: 0, rejected: [] });
  });

  it('loses no good line to a line that is deep, huge or binary', async () => {
    const deep = '['.repeat(500_000) + ']'.repeat(500_000);
    const good = JSON.stringify(anOrder({ order_id: 'E-1' }));
    const answer = await postLines(house, [good, deep, `["\\u0041",${deep}]`, 'x'.repeat(1e6), '\0\0', good]);
    expect(answer.json.accepted).toBe(2);
    expect(answer.json.rejected.map((one: { line: number }) => one.line)).toEqual([2, 3, 4, 5]);
    await house.settled();
  });
});

describe('records that somebody else could not take', () => {
  it('lie in quarantine whatever their texts hold, and loading goes on', async () => {
    const own = await newHouse();
    const reject = { origin: 'a\ud800.csv:\0 7', code: 'x\udc00', reason: '\ud83c\0', bytes_base64: '/wA=' };
    const body = JSON.stringify({ source: 'import\ud800', rejects: [reject] });
    const headers = { 'content-type': 'application/json' };
    expect((await ask(own, '/v1/quarantine', { method: 'POST', headers, body })).status).toBe(202);
    await post(own, anOrder());
    expect(await rowsOf(own, 'sales-summary')).toMatchObject([{ orders: 1 }]);
    const { quarantine } = (await ask(own, '/v1/quarantine')).json;
    expect(quarantine).toMatchObject([{ bytes: 2, text: null }]);
    expect((await ask(own, `/v1/quarantine/${quarantine[0].id}`)).json).toMatchObject({ bytes_base64: '/wA=' });
  });
});
