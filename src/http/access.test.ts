import { describe, expect, it } from 'vitest';
import { type Answer, ask, post, rowsOf, testHouses } from '../../test/support/houses.ts';
import { anOrder } from '../../test/support/orders.ts';
import type { House } from '../apps/house.ts';
import type { Role } from './keys.ts';

const newHouse = testHouses();
const get = (house: House, headers: Record<string, string> = {}, remoteAddress = '127.0.0.1'): Promise<Answer> =>
  ask(house, '/v1/reports', { headers, remoteAddress });
const bearer = (key: string): Record<string, string> => ({ authorization: `Bearer ${key}` });

describe('a house without keys', () => {
  it.each(['localhost', 'localhost:8080', '127.0.0.1:8080', '127.0.0.2', '[::1]:8080', 'LOCALHOST'])(
    'answers %s',
    async (host) => {
      expect((await get(await newHouse(), { host })).status).toBe(200);
    },
  );

  it('refuses every other host, page and machine', async () => {
    const house = await newHouse();
    const refused = [
      await get(house, { host: 'pizza.example' }),
      await get(house, { host: 'localhost.pizza.example' }),
      await get(house, { host: '127.0.0.1.nip.example' }),
      await get(house, { host: 'localhost', origin: 'https://pizza.example' }),
      await get(house, { host: 'localhost', origin: 'null' }),
      await get(house, { host: 'localhost' }, '203.0.113.9'),
      await get(house, { host: 'localhost' }, '::ffff:203.0.113.9'),
      await post(house, anOrder(), { host: 'localhost', origin: 'http://localhost.pizza.example' }),
    ];
    for (const answer of refused) expect(answer.json).toMatchObject({ status: 403, code: 'forbidden' });
  });

  it('answers its own page, over IPv6 too', async () => {
    const house = await newHouse();
    expect((await get(house, { host: 'localhost:8080', origin: 'http://localhost:8080' })).status).toBe(200);
    expect((await get(house, { host: '[::1]:8080' }, '::1')).status).toBe(200);
    expect((await get(house, { host: 'localhost' }, '::ffff:127.0.0.1')).status).toBe(200);
  });

  it('lets nobody in with a key it does not know', async () => {
    const house = await newHouse();
    expect((await get(house, bearer('sh_00000000_secret'))).json).toMatchObject({ code: 'unauthorized' });
  });
});

describe('a house with keys', () => {
  it('asks for one, whoever it is', async () => {
    const house = await newHouse();
    await house.keys.create('till', 'ingest');
    const answer = await get(house, { host: 'localhost' });
    expect(answer.json).toMatchObject({ status: 401, code: 'unauthorized' });
    expect(answer.headers['www-authenticate']).toMatch(/^Bearer/);
    expect((await post(house, anOrder())).status).toBe(401);
  });

  it('lets each role do its own and nothing else', async () => {
    const house = await newHouse();
    const mayDo: Record<Role, number[]> = { ingest: [202, 403, 403], read: [403, 200, 403], admin: [202, 200, 200] };
    for (const [role, statuses] of Object.entries(mayDo)) {
      const key = bearer(await house.keys.create(`of-${role}`, role as Role));
      const answers = [
        await post(house, anOrder(), key),
        await get(house, key),
        await ask(house, '/v1/quarantine', { headers: key }),
      ];
      expect(answers.map((answer) => answer.status)).toEqual(statuses);
    }
  });

  it('answers other hosts and machines that have one', async () => {
    const house = await newHouse();
    const key = bearer(await house.keys.create('page', 'read'));
    expect((await get(house, { ...key, host: 'pizza.example' }, '203.0.113.9')).status).toBe(200);
  });

  it('takes the source of an order from the key, and from a header of an administrator only', async () => {
    const house = await newHouse();
    const [till, admin] = [await house.keys.create('till', 'ingest'), await house.keys.create('office', 'admin')];
    const other = { 'slicehouse-source': 'web' };
    const receipts = [
      await post(house, anOrder(), bearer(till)),
      await post(house, anOrder(), { ...bearer(till), ...other }),
      await post(house, anOrder(), bearer(admin)),
      await post(house, anOrder(), { ...bearer(admin), ...other }),
    ].map((answer) => answer.json.receipt);
    expect(receipts[1]).toBe(receipts[0]);
    expect(new Set(receipts).size).toBe(3);
    await house.keys.revoke(house.keys.list()[0]?.id ?? '');
    await house.keys.revoke(house.keys.list()[0]?.id ?? '');
    expect(await rowsOf(house, 'sales-summary')).toMatchObject([{ orders: 3 }]);
  });

  it('refuses a key as soon as it is revoked', async () => {
    const house = await newHouse();
    const [kept, lost] = [await house.keys.create('a', 'read'), await house.keys.create('b', 'read')];
    expect((await get(house, bearer(lost))).status).toBe(200);
    await house.keys.revoke(lost.split('_')[1] ?? '');
    expect((await get(house, bearer(lost))).json).toMatchObject({ code: 'unauthorized' });
    expect((await get(house, bearer(kept))).status).toBe(200);
  });

  it.each([
    ['another scheme', (key: string) => `Basic ${key}`],
    ['no scheme', (key: string) => key],
    ['a letter too few', (key: string) => `Bearer ${key.slice(0, -1)}`],
    ['a letter too many', (key: string) => `Bearer ${key}x`],
    ['the secret of nobody', (key: string) => `Bearer ${key.slice(0, 12)}`],
    ['nothing', () => 'Bearer '],
  ])('refuses a key with %s', async (_what, write) => {
    const house = await newHouse();
    const key = await house.keys.create('till', 'admin');
    expect((await get(house, { authorization: write(key) })).status).toBe(401);
  });

  it('lets the commands of its own data folder in', async () => {
    const house = await newHouse();
    await house.keys.create('till', 'ingest');
    expect((await get(house, bearer(house.localToken))).status).toBe(200);
  });
});
