import { beforeAll, describe, expect, it } from 'vitest';
import { ask, post, testHouses } from '../../test/support/houses.ts';
import { anOrder } from '../../test/support/orders.ts';
import type { House } from '../apps/house.ts';
import type { Quarantined } from '../contract/answers.ts';

const newHouse = testHouses();

interface Kept {
  readonly code?: string;
  readonly origin?: string | null;
  readonly bytes: Buffer | string;
}

async function put(house: House, source: string, list: readonly Kept[]): Promise<void> {
  const rejects = list.map(({ code = 'odd', origin = null, bytes }) => ({
    code,
    origin,
    reason: 'It is odd.',
    bytes_base64: Buffer.from(bytes).toString('base64'),
  }));
  const request = { method: 'POST', headers: { 'content-type': 'application/json' } } as const;
  await ask(house, '/v1/quarantine', { ...request, body: JSON.stringify({ source, rejects }) });
  await house.settled();
}

const list = async (house: House, query = '') => (await ask(house, `/v1/quarantine${query}`)).json;

describe('the list of quarantine', () => {
  let house: House;
  beforeAll(async () => {
    house = await newHouse();
    await put(house, 'till', [
      { bytes: 'one', origin: 'a.csv row 2' },
      { bytes: 'two', code: 'even' },
    ]);
    await post(house, '{');
    await put(house, 'web', [{ bytes: 'three' }, { bytes: 'four', code: 'even' }]);
  });

  it('shows each record with what is known of it, newest first', async () => {
    const { quarantine, total, next } = await list(house);
    expect([total, next]).toEqual([5, null]);
    const times = quarantine.map((one: Quarantined) => one.accepted_at);
    expect(times).toEqual([...times].sort().reverse());
    expect(quarantine.find((one: Quarantined) => one.text === 'one')).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{32}$/),
      source: 'till',
      code: 'odd',
      reason: 'It is odd.',
      origin: 'a.csv row 2',
      accepted_at: expect.stringMatching(/^\d{4}-.*Z$/),
      arrivals: 1,
      status: 'waiting',
      resolved_at: null,
      bytes: 3,
      text: 'one',
    });
  });

  it('comes in pages that together are the whole, each record once', async () => {
    const whole = (await list(house)).quarantine;
    const paged: unknown[] = [];
    let after: string | null = '';
    for (let page = 0; after !== null; page += 1) {
      const answer = await list(house, `?limit=2&after=${after}`);
      expect(answer.total).toBe(5);
      expect(page).toBeLessThan(3);
      paged.push(...answer.quarantine);
      after = answer.next;
    }
    expect(paged).toEqual(whole);
  });

  it.each([
    ['?code=even', 2],
    ['?source=web', 2],
    ['?code=even&source=web', 1],
    ['?code=malformed_json', 1],
    ['?source=nobody', 0],
    [`?code=${encodeURIComponent("' OR 1=1 --")}`, 0],
    ['?status=dropped', 0],
    ['?status=all', 5],
    ['?status=&code=&limit=', 5],
  ])('takes %s', async (query, total) => {
    const answer = await list(house, query);
    expect([answer.total, answer.quarantine.length]).toEqual([total, total]);
  });

  it('counts what waits by code and source, whatever is selected', async () => {
    const { counts } = await list(house, '?source=web');
    expect(counts).toEqual(
      expect.arrayContaining([
        { code: 'even', source: 'till', waiting: 1 },
        { code: 'even', source: 'web', waiting: 1 },
        { code: 'malformed_json', source: 'default', waiting: 1 },
        { code: 'odd', source: 'till', waiting: 1 },
        { code: 'odd', source: 'web', waiting: 1 },
      ]),
    );
    expect(counts).toHaveLength(5);
  });

  it.each([
    'limit=0',
    'limit=1001',
    'limit=x',
    'limit=1&limit=2',
    'status=lost',
    'after=x',
    'after=999999999999999-x',
    'cod=odd',
  ])('refuses %s and says why', async (query) => {
    const answer = await list(house, `?${query}`);
    expect(answer).toMatchObject({ status: 422, code: 'invalid_parameter' });
    expect(answer.detail).toContain(query.split('=')[0]);
  });
});

describe('the text of a record', () => {
  const oneOf = async (bytes: Buffer | string) => {
    const house = await newHouse();
    await put(house, 'till', [{ bytes }]);
    const [short] = (await list(house)).quarantine;
    return { short, whole: (await ask(house, `/v1/quarantine/${short.id}`)).json };
  };

  it.each(['', 'a', 'ab', 'abc', 'a'.repeat(2_000), 'ü'.repeat(2_000)])(
    'is whole while it is short: %#',
    async (text) => {
      const { short, whole } = await oneOf(text);
      const bytes = Buffer.byteLength(text);
      expect([short.text, short.bytes, whole.text, whole.bytes]).toEqual([text, bytes, text, bytes]);
    },
  );

  it.each(['a', 'ü', '€', '🍕'])('ends after 2,000 characters in the list, never within one: %s', async (character) => {
    const { short, whole } = await oneOf(`.${character.repeat(3_000)}`);
    expect(short.text).toBe(`.${character.repeat(1_999)}`);
    expect(whole.text).toBe(`.${character.repeat(3_000)}`);
    expect(short.bytes).toBe(1 + 3_000 * Buffer.byteLength(character));
  });

  it('is null when the bytes are none, which are there all the same', async () => {
    const bytes = Buffer.from([0xff, 0xfe, 0x00]);
    const { short, whole } = await oneOf(bytes);
    expect([short.text, whole.text, short.bytes]).toEqual([null, null, 3]);
    expect(Buffer.from(whole.bytes_base64, 'base64')).toEqual(bytes);
  });

  it('comes with what is wrong with it now, which is nothing once it would be taken', async () => {
    const wrong = { ...anOrder(), channel: 'drone' };
    expect((await oneOf(JSON.stringify(wrong))).whole.faults).toMatchObject([{ path: '/channel' }]);
    expect((await oneOf(JSON.stringify(anOrder()))).whole.faults).toEqual([]);
    expect((await oneOf('{')).whole.faults).toMatchObject([{ path: '' }]);
  });
});
