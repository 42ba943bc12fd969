import { cpSync, renameSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Answer, ask, post, postLines, rowsOf, testHouses } from '../../test/support/houses.ts';
import { anOrder, aPizza } from '../../test/support/orders.ts';
import { temporaryFolders } from '../../test/support/temporary-folders.ts';
import type { House } from '../apps/house.ts';

const newHouse = testHouses();
const newFolder = temporaryFolders();
const json = { 'content-type': 'application/json' };
const send = (house: House, method: 'POST' | 'DELETE', path: string, body?: unknown): Promise<Answer> =>
  ask(house, `/v1/quarantine${path}`, {
    method,
    ...(body === undefined ? {} : { headers: json, body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
const replay = (house: House, id: string, body?: unknown): Promise<Answer> =>
  send(house, 'POST', `/${id}/replay`, body);
const record = async (house: House, id: string) => (await ask(house, `/v1/quarantine/${id}`)).json;
const waiting = async (house: House, query = '') => {
  await house.settled();
  return (await ask(house, `/v1/quarantine${query}`)).json;
};
const unknownChannel = (changes: object = {}): object => ({ ...anOrder(changes), channel: 'drone' });
const ahead = (minutes: number): string => new Date(Date.now() + minutes * 60_000).toISOString();

/** A house with one record in quarantine, and its id. */
async function withRecord(order: unknown, settings = {}): Promise<{ house: House; id: string }> {
  const house = await newHouse(settings);
  expect([400, 422]).toContain((await post(house, order)).status);
  const { quarantine } = await waiting(house);
  return { house, id: quarantine[0].id };
}

/** Puts an order there that the door would take: a reason that has gone since. */
async function putGood(house: House, orders: readonly object[], source = 'till', code = 'unknown_item') {
  const rejects = orders.map((order) => ({
    origin: null,
    code,
    reason: 'No such item.',
    bytes_base64: Buffer.from(JSON.stringify(order)).toString('base64'),
  }));
  expect((await send(house, 'POST', '', { source, rejects })).status).toBe(202);
  return (await waiting(house, '?limit=1000')).quarantine as { id: string; accepted_at: string }[];
}

const headsOf = async (house: House) => (await rowsOf(house, 'sales-summary'))[0].orders;

describe('replaying a record', () => {
  it('takes the kept bytes as an order of its source, and counts it once', async () => {
    const house = await newHouse();
    const [one] = await putGood(house, [anOrder()]);
    const answer = await replay(house, one?.id ?? '');
    expect(answer).toMatchObject({ status: 202, json: { order_id: 'A-1', revision: 1 } });
    expect(await headsOf(house)).toBe(1);
    expect(await record(house, one?.id ?? '')).toMatchObject({ status: 'replayed', resolved_at: expect.any(String) });
    expect((await waiting(house)).total).toBe(0);
    expect((await ask(house, `/v1/receipts/${answer.json.receipt}`)).json).toMatchObject({ source: 'till' });
  });

  it('keeps the time at which the record first came, whether as it is or corrected', async () => {
    const { house, id } = await withRecord(unknownChannel());
    const { accepted_at } = await record(house, id);
    await new Promise((resolve) => setTimeout(resolve, 20));
    const { receipt } = (await replay(house, id, anOrder())).json;
    await house.settled();
    expect((await ask(house, `/v1/receipts/${receipt}`)).json).toMatchObject({
      outcome: 'loaded',
      accepted: accepted_at,
    });
  });

  it('refuses what is still wrong with every fault, and changes nothing', async () => {
    const { house, id } = await withRecord({ ...unknownChannel(), lines: [aPizza({ quantity: 0 })] });
    const before = await record(house, id);
    const answer = await replay(house, id);
    expect(answer).toMatchObject({ status: 422, json: { code: 'invalid_order' } });
    expect(answer.json.errors.map((fault: { path: string }) => fault.path).sort()).toEqual([
      '/channel',
      '/lines/0/quantity',
    ]);
    expect((await replay(house, id, { ...anOrder(), revision: 0 })).json).toMatchObject({
      status: 422,
      errors: [{ path: '/revision' }],
    });
    expect((await replay(house, id, '{')).json).toMatchObject({ status: 400, code: 'malformed_json' });
    await house.settled();
    expect(await record(house, id)).toEqual(before);
    expect((await waiting(house, '?status=all')).total).toBe(1);
    expect(await headsOf(house)).toBe(0);
  });

  it('calls kept bytes that are no JSON a wrong order, since the request is none', async () => {
    const { house, id } = await withRecord('{"order_id":');
    expect((await replay(house, id)).json).toMatchObject({ status: 422, errors: [{ path: '' }] });
  });

  it('takes no body but JSON', async () => {
    const { house, id } = await withRecord('{');
    const headers = { 'content-type': 'application/x-ndjson' };
    const answer = await ask(house, `/v1/quarantine/${id}/replay`, {
      method: 'POST',
      headers,
      body: JSON.stringify(anOrder()),
    });
    expect(answer.status).toBe(415);
  });

  it('is for administrators', async () => {
    const { house, id } = await withRecord('{');
    const key = await house.keys.create('till', 'ingest');
    const headers = { authorization: `Bearer ${key}` };
    for (const [method, path] of [
      ['POST', `/${id}/replay`],
      ['POST', '/replay'],
      ['POST', '/drop'],
      ['DELETE', `/${id}`],
      ['GET', `/${id}`],
      ['GET', ''],
    ] as const)
      expect((await ask(house, `/v1/quarantine${path}`, { method, headers })).status, `${method} ${path}`).toBe(403);
  });

  it('resolves the record when the order has been sent again meanwhile, and in a higher revision', async () => {
    const house = await newHouse();
    const records = await putGood(house, [anOrder({ order_id: 'same' }), anOrder({ order_id: 'amended' })], 'default');
    await post(house, anOrder({ order_id: 'same' }));
    await post(house, anOrder({ order_id: 'amended', revision: 2 }));
    for (const { id } of records) expect((await replay(house, id)).status).toBe(202);
    expect(await headsOf(house)).toBe(2);
    expect((await waiting(house, '?status=replayed')).total).toBe(2);
  });
});

describe('a record that has left quarantine', () => {
  it('is answered 409, however many ask at once and whatever they ask for', async () => {
    const { house, id } = await withRecord(unknownChannel());
    const orders = ['a', 'b', 'c'].map((order_id) => anOrder({ order_id }));
    const [dropped, ...replayed] = await Promise.all([
      send(house, 'DELETE', `/${id}`),
      ...orders.map((order) => replay(house, id, order)),
    ]);
    expect([dropped, ...replayed].map((answer) => answer?.status).sort()).toEqual([202, 409, 409, 409]);
    const counted = replayed.filter(({ status }) => status === 202).length;
    expect(await headsOf(house)).toBe(counted);
    const late = await replay(house, id, anOrder({ order_id: 'd' }));
    expect(late.json).toMatchObject({ status: 409, code: 'already_resolved' });
    expect(await headsOf(house)).toBe(counted);
  });

  it('is answered 409 while its replay is not loaded yet, and after the house was opened anew', async () => {
    const { house, id } = await withRecord(unknownChannel(), { sealAfterMs: 100 });
    expect((await replay(house, id, anOrder({ order_id: 'a' }))).status).toBe(202);
    expect((await record(house, id)).status).toBe('waiting');
    expect((await replay(house, id, anOrder({ order_id: 'b' }))).status).toBe(409);
    await house.close();
    const again = await newHouse({ dataDir: house.config.dataDir });
    expect((await replay(again, id, anOrder({ order_id: 'b' }))).status).toBe(409);
    expect((await send(again, 'DELETE', `/${id}`)).status).toBe(409);
    expect(await headsOf(again)).toBe(1);
  });

  it('becomes no second order when the process is killed before the first is loaded', async () => {
    const { house, id } = await withRecord(unknownChannel());
    await house.close();
    const slow = await newHouse({ dataDir: house.config.dataDir, sealAfterMs: 60_000 });
    expect((await replay(slow, id, anOrder({ order_id: 'a' }))).status).toBe(202);
    const asKilled = newFolder();
    cpSync(slow.config.dataDir, asKilled, { recursive: true });
    const again = await newHouse({ dataDir: asKilled });
    expect((await replay(again, id, anOrder({ order_id: 'b' }))).status).toBe(409);
    expect(await headsOf(again)).toBe(1);
    expect(await record(again, id)).toMatchObject({ status: 'replayed' });
  });

  it('becomes no second order when its replay could not be written and may yet arrive', async () => {
    const { house, id } = await withRecord(unknownChannel());
    const { segments } = house.folder;
    await house.settled();
    renameSync(segments, `${segments}.away`);
    const failed = await replay(house, id, anOrder({ order_id: 'a' }));
    expect(failed.json).toMatchObject({ status: 503, code: 'storage_full' });
    renameSync(`${segments}.away`, segments);
    expect((await replay(house, id, anOrder({ order_id: 'b' }))).json).toMatchObject({ code: 'already_resolved' });
    expect((await replay(house, id, anOrder({ order_id: 'a' }))).status).toBe(202);
    expect(await headsOf(house)).toBe(1);
  });

  it('is free again after a replay that was refused', async () => {
    const { house, id } = await withRecord(unknownChannel());
    expect((await replay(house, id)).status).toBe(422);
    expect((await replay(house, id, anOrder())).status).toBe(202);
  });

  it('stays out when the same bytes come again, and their arrivals are counted', async () => {
    const { house, id } = await withRecord(unknownChannel());
    expect(await send(house, 'DELETE', `/${id}`)).toMatchObject({ status: 202, json: { id } });
    await house.settled();
    await post(house, unknownChannel());
    await house.settled();
    expect(await record(house, id)).toMatchObject({ status: 'dropped', arrivals: 2 });
    expect((await ask(house, `/v1/receipts/${id}`)).json).toMatchObject({
      outcome: 'dropped',
      duplicates: 1,
      order_id: null,
      resolved: expect.any(String),
    });
  });

  it('was never there when its id is unknown', async () => {
    const house = await newHouse();
    for (const answer of [
      await replay(house, 'f'.repeat(32)),
      await send(house, 'DELETE', `/${'f'.repeat(32)}`),
      await ask(house, '/v1/quarantine/nothing'),
    ])
      expect(answer.json).toMatchObject({ status: 404, code: 'not_found' });
  });
});

describe('in bulk', () => {
  it('replays what is right now and tells of the rest', async () => {
    const house = await newHouse();
    await putGood(house, [anOrder({ order_id: 'a' }), anOrder({ order_id: 'b' }), unknownChannel({ order_id: 'c' })]);
    await putGood(house, [anOrder({ order_id: 'd' })], 'web');
    const { status, json: answer } = await send(house, 'POST', '/replay', { source: 'till' });
    expect(status).toBe(202);
    expect(answer).toEqual({
      replayed: 2,
      refused: [
        { id: expect.any(String), code: 'invalid_order', errors: [expect.objectContaining({ path: '/channel' })] },
      ],
      refused_total: 1,
    });
    expect(await headsOf(house)).toBe(2);
    expect(await waiting(house)).toMatchObject({ total: 2 });
  });

  it('works through more than a slice, twice at once, and counts each once', async () => {
    const house = await newHouse();
    const orders = Array.from({ length: 1_300 }, (_, index) => anOrder({ order_id: `o-${index}` }));
    await putGood(house, orders);
    const answers = await Promise.all([
      send(house, 'POST', '/replay', { all: true }),
      send(house, 'POST', '/replay', { code: 'unknown_item' }),
    ]);
    expect(answers.reduce((sum, { json: answer }) => sum + answer.replayed, 0)).toBe(1_300);
    expect(await headsOf(house)).toBe(1_300);
    expect(await waiting(house, '?status=replayed')).toMatchObject({ total: 1_300 });
  });

  it('drops what matches, up to the limit, the oldest first', async () => {
    const house = await newHouse();
    await putGood(house, [anOrder({ order_id: 'a' })]);
    const [newest] = await putGood(house, [anOrder({ order_id: 'b' })]);
    expect((await send(house, 'POST', '/drop', { code: 'unknown_item', limit: 1 })).json).toEqual({ dropped: 1 });
    expect((await waiting(house)).quarantine.map(({ id }: { id: string }) => id)).toEqual([newest?.id]);
    expect((await send(house, 'POST', '/drop', { code: 'other' })).json).toEqual({ dropped: 0 });
    expect(await headsOf(house)).toBe(0);
  });

  it.each([undefined, {}, { all: false }, { limit: 3 }, { code: 7 }, { cod: 'x', all: true }, { all: true, limit: 0 }])(
    'does nothing for the body %j',
    async (body) => {
      const house = await newHouse();
      for (const path of ['/replay', '/drop'])
        expect((await send(house, 'POST', path, body)).json).toMatchObject({ status: 422, code: 'invalid_parameter' });
    },
  );
});

describe('what is kept', () => {
  it('is what was refused for its content, and nothing that was refused before it was read', async () => {
    const house = await newHouse();
    await post(house, 'x'.repeat(9 * 1024 * 1024));
    await post(house, unknownChannel(), { 'content-type': 'text/plain' });
    await post(house, unknownChannel(), { 'content-encoding': 'br' });
    await post(house, '');
    await postLines(
      house,
      Array.from({ length: 10_001 }, () => '{'),
    );
    await house.keys.create('till', 'ingest');
    expect((await post(house, unknownChannel())).status).toBe(401);
    await house.keys.revoke(house.keys.list()[0]?.id ?? '');
    expect(await waiting(house, '?status=all')).toMatchObject({ total: 0 });
    await post(house, '{');
    await post(house, { ...anOrder(), ordered_at: ahead(60) });
    expect((await waiting(house)).quarantine.map(({ code }: { code: string }) => code).sort()).toEqual([
      'invalid_order',
      'malformed_json',
    ]);
  });
});
