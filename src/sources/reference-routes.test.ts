import { describe, expect, it } from 'vitest';
import { type Answer, ask, post, rowsOf, testHouses } from '../../test/support/houses.ts';
import { anOrder } from '../../test/support/orders.ts';
import type { House } from '../apps/house.ts';

const newHouse = testHouses();
const put = (house: House, kind: string, lines: readonly unknown[]): Promise<Answer> =>
  ask(house, `/v1/reference/${kind}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/x-ndjson' },
    body: lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n'),
  });

describe('reference data', () => {
  it('takes the good stores beside the bad, and says what is wrong with those', async () => {
    const house = await newHouse();
    const answer = await put(house, 'stores', [
      { store_id: 's-1', state: 'new york' },
      { store_id: 's-2', state: 'Ontario' },
      '{',
      { store_id: 's-3', state: 'NY', time_zone: 'Mars/Olympus' },
      { store_id: 's-4', state: 'NY', closeout_hour: 13 },
    ]);
    expect(answer.status).toBe(200);
    expect(answer.json.accepted).toBe(1);
    expect(answer.json.rejected).toMatchObject([
      { line: 2, code: 'invalid_reference', errors: [{ path: '/state' }] },
      { line: 3, code: 'invalid_reference', errors: [{ path: '' }] },
      { line: 4, code: 'invalid_reference', errors: [{ path: '/time_zone' }] },
      { line: 5, code: 'invalid_reference', errors: [{ path: '/closeout_hour' }] },
    ]);
    await post(house, anOrder());
    expect(await rowsOf(house, 'sales-by-state')).toMatchObject([{ state: 'NY', orders: 1 }]);
  });

  it('moves orders that are counted already', async () => {
    const house = await newHouse();
    const { deliver_to: _, ...homeless } = anOrder({ customer_id: 'c-1' });
    await post(house, homeless);
    expect(await rowsOf(house, 'sales-by-state')).toMatchObject([{ state: 'unresolved' }]);
    expect((await put(house, 'customers', [{ customer_id: 'c-1', home: { state: 'wyoming' } }])).json.accepted).toBe(1);
    expect(await rowsOf(house, 'sales-by-state')).toMatchObject([{ state: 'WY', orders: 1 }]);
  });

  it('is answered 422 when nothing in it could be taken, and takes NDJSON only', async () => {
    const house = await newHouse();
    expect((await put(house, 'customers', ['[]'])).status).toBe(422);
    const headers = { 'content-type': 'application/json' };
    const answer = await ask(house, '/v1/reference/stores', { method: 'PUT', headers, body: '{}' });
    expect(answer.json).toMatchObject({ status: 415 });
  });
});
