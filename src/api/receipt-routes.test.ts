import { describe, expect, it } from 'vitest';
import { ask, post, postLines, testHouses } from '../../test/support/houses.ts';
import { anOrder } from '../../test/support/orders.ts';
import type { House } from '../apps/house.ts';
import { orderIdentity } from '../ingest/order-identity.ts';

const newHouse = testHouses();
const bearer = (key: string): Record<string, string> => ({ authorization: `Bearer ${key}` });
const receiptOf = (revision = 1, source = 'default', orderId = 'A-1'): string =>
  orderIdentity(source, orderId, revision).receipt;
const look = async (house: House, receipt: string, headers = {}) =>
  (await ask(house, `/v1/receipts/${receipt}`, { headers })).json;

describe('a receipt', () => {
  it('tells a time for each stage, in their order', async () => {
    const house = await newHouse();
    const { receipt } = (await post(house, anOrder())).json;
    await house.settled();
    const answer = await look(house, receipt);
    expect(answer).toMatchObject({
      receipt,
      order_id: 'A-1',
      revision: 1,
      source: 'default',
      outcome: 'loaded',
      duplicates: 0,
      resolved: null,
    });
    const times = [answer.accepted, answer.delivered, answer.loaded, answer.visible];
    expect(times.every((time) => /^\d{4}-\d\d-\d\dT.*Z$/.test(time))).toBe(true);
    expect([...times].sort()).toEqual(times);
  });

  it('says that an order is in flight until it is loaded', async () => {
    const house = await newHouse({ sealAfterMs: 300 });
    const { receipt } = (await post(house, anOrder())).json;
    expect(await look(house, receipt)).toMatchObject({
      outcome: 'in_flight',
      order_id: 'A-1',
      source: 'default',
      accepted: expect.stringMatching(/Z$/),
      delivered: null,
      loaded: null,
      visible: null,
    });
    await house.settled();
    expect((await look(house, receipt)).outcome).toBe('loaded');
  });

  it('is found for the orders of a batch too', async () => {
    const house = await newHouse({ sealAfterMs: 300 });
    await postLines(house, [anOrder({ order_id: 'x' }), '{', anOrder({ order_id: 'y' })]);
    expect((await look(house, receiptOf(1, 'default', 'y'))).outcome).toBe('in_flight');
    await house.settled();
    expect((await look(house, receiptOf(1, 'default', 'y'))).outcome).toBe('loaded');
  });

  it('counts how often the same came again', async () => {
    const house = await newHouse();
    await postLines(house, [anOrder(), anOrder()]);
    await house.settled();
    await post(house, anOrder());
    await house.settled();
    expect(await look(house, receiptOf())).toMatchObject({ outcome: 'loaded', duplicates: 2 });
  });

  it('says of a revision that a higher one took its place, whichever came first', async () => {
    const house = await newHouse();
    for (const revision of [2, 3, 1]) {
      await post(house, anOrder({ revision }));
      await house.settled();
    }
    expect(await look(house, receiptOf(1))).toMatchObject({ outcome: 'superseded', duplicates: 0 });
    expect(await look(house, receiptOf(2))).toMatchObject({ outcome: 'superseded', visible: expect.any(String) });
    expect(await look(house, receiptOf(3))).toMatchObject({ outcome: 'loaded' });
    expect(await look(house, receiptOf(4))).toMatchObject({ status: 404 });
  });

  it('takes a void of the same revision for no repetition', async () => {
    const house = await newHouse();
    await postLines(house, [anOrder(), anOrder({ status: 'voided' })]);
    await house.settled();
    expect(await look(house, receiptOf())).toMatchObject({ outcome: 'loaded', duplicates: 0 });
  });

  it('is not mistaken for that of an order whose key is the same', async () => {
    const house = await newHouse();
    await post(house, anOrder());
    await house.settled();
    const receipt = receiptOf();
    const other = `${receipt.slice(0, 16)}${'0'.repeat(16)}-1`;
    expect(await look(house, other)).toMatchObject({ status: 404, code: 'not_found' });
  });

  it.each([
    'x',
    `${'0'.repeat(32)}-0`,
    `${'0'.repeat(32)}-1x`,
    `${'0'.repeat(31)}-1`,
    "'%20OR%201=1",
    `${'F'.repeat(32)}-1`,
  ])('that nobody was given is not found: %s', async (receipt) => {
    expect(await look(await newHouse(), receipt)).toMatchObject({ status: 404, code: 'not_found' });
  });

  it('is shown to readers, and to senders of its own source', async () => {
    const house = await newHouse();
    const [till, web] = [await house.keys.create('till', 'ingest'), await house.keys.create('web', 'ingest')];
    const reader = await house.keys.create('office', 'read');
    const { receipt } = (await post(house, anOrder(), bearer(till))).json;
    const statuses = async () =>
      Promise.all(
        [till, web, reader].map(
          async (key) => (await ask(house, `/v1/receipts/${receipt}`, { headers: bearer(key) })).status,
        ),
      );
    expect(await statuses()).toEqual([200, 404, 200]);
    await house.settled();
    expect(await statuses()).toEqual([200, 404, 200]);
    expect((await ask(house, `/v1/receipts/${receipt}`)).status).toBe(401);
  });

  it('of a record in quarantine is its id', async () => {
    const house = await newHouse();
    await postLines(house, ['{', '{']);
    await house.settled();
    const { id } = (await ask(house, '/v1/quarantine')).json.quarantine[0];
    const waiting = await look(house, id);
    expect(waiting).toMatchObject({ receipt: id, order_id: null, revision: null, source: 'default' });
    expect(waiting).toMatchObject({
      outcome: 'quarantined',
      duplicates: 1,
      visible: expect.any(String),
      resolved: null,
    });
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify(anOrder());
    const { receipt } = (await ask(house, `/v1/quarantine/${id}/replay`, { method: 'POST', headers, body })).json;
    await house.settled();
    expect(await look(house, id)).toMatchObject({ outcome: 'replayed', resolved: expect.any(String) });
    expect(await look(house, receipt)).toMatchObject({ outcome: 'loaded', accepted: waiting.accepted });
  });
});
