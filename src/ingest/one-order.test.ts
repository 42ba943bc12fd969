import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { ask, post, rowsOf, testHouses } from '../../test/support/houses.ts';
import { anOrder, aPizza } from '../../test/support/orders.ts';
import type { House } from '../apps/house.ts';

const newHouse = testHouses();
let house: House;
beforeAll(async () => {
  house = await newHouse();
});

let made = 0;
/** A good order that nobody has posted before. */
const fresh = (changes: object = {}): object => {
  made += 1;
  return anOrder({ order_id: `fresh-${made}`, ...changes });
};
const withLine = (changes: object): object => fresh({ lines: [{ ...aPizza(), ...changes }] });
/** The JSON of a good order with its first line's quantity written like this. */
const withQuantity = (written: string): string =>
  JSON.stringify(fresh()).replace('"quantity":1', `"quantity":${written}`);
const depth = 1_000_000;
const deep = '['.repeat(depth) + ']'.repeat(depth);
const minutesAhead = (minutes: number): string => new Date(Date.now() + minutes * 60_000).toISOString();

describe('one good order', () => {
  it('is answered 202 with its receipt, and counts', async () => {
    const own = await newHouse();
    const answer = await post(own, anOrder({ order_id: 'A-1029' }));
    expect(answer.status).toBe(202);
    expect(answer.json).toEqual({
      receipt: expect.stringMatching(/^[0-9a-f]{32}-1$/),
      order_id: 'A-1029',
      revision: 1,
    });
    expect(await rowsOf(own, 'top-combinations?state=TX')).toMatchObject([{ pizzas: 1, revenue_cents: 1000 }]);
  });

  it('has the same receipt however often it is posted, and counts once', async () => {
    const own = await newHouse();
    const answers = [await post(own, anOrder()), await post(own, anOrder()), await post(own, anOrder({ revision: 2 }))];
    const [first, second, amended] = answers.map((answer) => answer.json.receipt);
    expect(second).toBe(first);
    expect(amended).not.toBe(first);
    expect(await rowsOf(own, 'sales-summary')).toMatchObject([{ orders: 1 }]);
  });

  it.each([
    ['members nobody knows', fresh({ loyalty: { points: 3 }, lines: [{ ...aPizza(), vat: 7 }] })],
    ['a lower-case state', fresh({ deliver_to: { state: 'tx' } })],
    ['a state there is not', fresh({ deliver_to: { state: 'Ontario' } })],
    ['a store nobody knows', fresh({ store_id: 'nobody-knows' })],
    ['emoji in its names', fresh({ customer_id: '👩‍🍳', lines: [aPizza({ menu_item: '🍕🔥', toppings: ['🍍'] })] })],
    ['SQL in every string', fresh({ store_id: "'; DROP TABLE order_line; --", customer_id: "' OR 1=1 --" })],
    ['29 February 2024', fresh({ ordered_at: '2024-02-29T12:00:00Z' })],
    ['a time 14 minutes ahead', fresh({ ordered_at: minutesAhead(14) })],
    ['the first moment of 2000', fresh({ ordered_at: '2000-01-01T00:00:00Z' })],
    ['100 lines', fresh({ lines: Array.from({ length: 100 }, () => aPizza()) })],
    ['30 toppings', withLine({ toppings: Array.from({ length: 30 }, (_, index) => `t${index}`) })],
    ['the largest numbers', withLine({ quantity: 1000, unit_price_cents: 1_000_000 })],
    ['a price of nothing', withLine({ unit_price_cents: 0 })],
    ['a discount larger than itself', fresh({ discount_cents: 100_000_000 })],
    ['a number written as 1.0', withQuantity('1.0')],
    ['a number written as 1e2', withQuantity('1e2')],
    ['a million-deep member that nobody knows', JSON.stringify(fresh()).replace('{', `{"deep":${deep},`)],
    ['one in a topping', JSON.stringify(fresh()).replace('"pepperoni"', `{"name":"ham","deep":${deep}}`)],
    [
      '__proto__ and constructor members',
      JSON.stringify(fresh()).replace('{', '{"__proto__":{"revision":9},"constructor":1,'),
    ],
  ])('is taken with %s', async (_what, order) => {
    const answer = await post(house, order);
    expect(answer.text).toContain('receipt');
    expect(answer.status).toBe(202);
    expect(answer.json.revision).toBe(1);
    await house.settled();
  });

  it('is taken as gzip, and with a charset in its content type', async () => {
    const body = gzipSync(JSON.stringify(fresh()));
    expect((await post(house, body, { 'content-encoding': 'gzip' })).status).toBe(202);
    const type = 'application/json; charset=utf-8';
    expect((await post(house, fresh(), { 'content-type': type, 'content-encoding': 'identity' })).status).toBe(202);
  });

  it('is spelled the same whether absent or written "undefined" elsewhere', async () => {
    const own = await newHouse();
    const line = { kind: 'pizza', quantity: 1, unit_price_cents: 100 } as const;
    await post(own, anOrder({ order_id: 'A-1', lines: [{ ...line, crust: 'undefined' }] }));
    await post(own, anOrder({ order_id: 'A-2', lines: [{ ...line, crust: 'a|b', sauce: 'c' }] }));
    await post(own, anOrder({ order_id: 'A-3', lines: [line] }));
    await post(own, anOrder({ order_id: 'A-4', lines: [{ ...line, crust: 'a', sauce: 'b|c' }] }));
    const keys = (await rowsOf(own, 'top-combinations?limit=10')).map((row) => row.combination).sort();
    expect(keys).toEqual([
      'a_b|c|unspecified|',
      'a|b_c|unspecified|',
      'undefined|unspecified|unspecified|',
      'unspecified|unspecified|unspecified|',
    ]);
  });
});

const faulty: [string, object | string, string][] = [
  ['no order_id', { ...fresh(), order_id: undefined }, '/order_id'],
  ['an order_id of 65 characters', fresh({ order_id: 'x'.repeat(65) }), '/order_id'],
  [
    'an order_id that is one letter under a million accents',
    fresh({ order_id: `e${'\u0301'.repeat(1e6)}` }),
    '/order_id',
  ],
  ['an empty order_id', fresh({ order_id: '' }), '/order_id'],
  ['an order_id that is a number', fresh({ order_id: 1029 }), '/order_id'],
  ['null for a customer', fresh({ customer_id: null }), '/customer_id'],
  ['no lines', fresh({ lines: [] }), '/lines'],
  ['101 lines', fresh({ lines: Array.from({ length: 101 }, () => aPizza()) }), '/lines'],
  ['lines that are an object', fresh({ lines: { 0: aPizza() } }), '/lines'],
  ['31 toppings', withLine({ toppings: Array.from({ length: 31 }, () => 'ham') }), '/lines/0/toppings'],
  ['a topping that is a number', withLine({ toppings: [7] }), '/lines/0/toppings/0'],
  ['a quantity of text', withLine({ quantity: '12' }), '/lines/0/quantity'],
  ['a quantity of 0', withLine({ quantity: 0 }), '/lines/0/quantity'],
  ['a quantity of 1,001', withLine({ quantity: 1001 }), '/lines/0/quantity'],
  ['a quantity of 1.5', withLine({ quantity: 1.5 }), '/lines/0/quantity'],
  ['a quantity of 1e400', withQuantity('1e400'), '/lines/0/quantity'],
  ['a quantity of 2^53', withQuantity('9007199254740993'), '/lines/0/quantity'],
  ['a negative price', withLine({ unit_price_cents: -1 }), '/lines/0/unit_price_cents'],
  ['a price of 10,000.01 dollars', withLine({ unit_price_cents: 1_000_001 }), '/lines/0/unit_price_cents'],
  ['a negative discount', fresh({ discount_cents: -1 }), '/discount_cents'],
  ['a revision of 0', fresh({ revision: 0 }), '/revision'],
  ['a channel nobody knows', fresh({ channel: 'drone' }), '/channel'],
  ['29 February 2026', fresh({ ordered_at: '2026-02-29T12:00:00Z' }), '/ordered_at'],
  ['a time without an offset', fresh({ ordered_at: '2026-02-08T18:31:07' }), '/ordered_at'],
  ['a time 16 minutes ahead', fresh({ ordered_at: minutesAhead(16) }), '/ordered_at'],
  ['a time before 2000', fresh({ ordered_at: '1999-12-31T23:59:59Z' }), '/ordered_at'],
  ['a promise in the year 10000', fresh({ promised_at: '9999-12-31T23:59:59-14:00' }), '/promised_at'],
  ['a completion at 24:00', fresh({ completed_at: '2026-02-08T24:00:00Z' }), '/completed_at'],
  ['an array for an order', '[]', ''],
  ['a million-deep array for an order', deep, ''],
  ['a text for an order', '"order"', ''],
  ['null for an order', 'null', ''],
  ['members that JavaScript has anyway', '{"__proto__":{"order_id":"A-1","lines":[]}}', '/order_id'],
];

describe('a faulty order', () => {
  it.each(faulty)('with %s is answered 422 and says where', async (_what, order, path) => {
    const answer = await post(house, order);
    expect(answer.status).toBe(422);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(answer.json).toMatchObject({ code: 'invalid_order', status: 422 });
    expect(answer.json.errors.map((fault: { path: string }) => fault.path)).toContain(path);
  });

  it('says everything that is wrong with it at once', async () => {
    const order = fresh({ channel: 'drone', lines: [{ ...aPizza(), quantity: -1, unit_price_cents: 'x' }] });
    const paths = (await post(house, order)).json.errors.map((fault: { path: string }) => fault.path);
    expect(paths.sort()).toEqual(['/channel', '/lines/0/quantity', '/lines/0/unit_price_cents']);
  });

  it('says what is allowed', async () => {
    const answer = await post(house, fresh({ channel: 'drone' }));
    expect(answer.json.errors[0].message).toBe('must be one of delivery, carryout, dine_in, third_party');
  });

  it('goes to quarantine with its exact bytes', async () => {
    const own = await newHouse();
    await post(own, '{"order_id": 7}');
    await own.settled();
    const { json } = await ask(own, '/v1/quarantine');
    expect(json.quarantine).toMatchObject([{ code: 'invalid_order', source: 'default' }]);
    const one = await ask(own, `/v1/quarantine/${json.quarantine[0].id}`);
    expect(Buffer.from(one.json.bytes_base64, 'base64').toString()).toBe('{"order_id": 7}');
    expect(await rowsOf(own, 'sales-summary')).toMatchObject([{ orders: 0 }]);
  });
});

describe('after all of this', () => {
  it('the house serves, and a good order counts', async () => {
    const before = (await rowsOf(house, 'sales-summary'))[0].orders;
    expect((await post(house, fresh())).status).toBe(202);
    expect(await rowsOf(house, 'sales-summary')).toMatchObject([{ orders: before + 1 }]);
  });
});
