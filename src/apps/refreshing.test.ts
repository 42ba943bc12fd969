import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ask, postLines, rowsOf, testHouses } from '../../test/support/houses.ts';
import { anOrder } from '../../test/support/orders.ts';
import { temporaryFolders } from '../../test/support/temporary-folders.ts';
import type { House } from './house.ts';

const openHouse = testHouses();
const newFolder = temporaryFolders();

const refresh = async (house: House, query = ''): Promise<Record<string, unknown>[]> => {
  const answer = await ask(house, `/v1/refresh${query}`, { method: 'POST' });
  return answer.text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
};

/** What the steps of a refresh came to, by name. */
const endsOf = (lines: readonly Record<string, unknown>[]): Record<string, unknown> =>
  Object.fromEntries(
    lines.flatMap(({ progress }) => {
      const { step, status, detail } = (progress ?? {}) as { step?: string; status?: string; detail?: string | null };
      return step && status !== 'running' ? [[step, detail ? `${status}: ${detail}` : status]] : [];
    }),
  );

describe('the refresh of a data folder', () => {
  it('runs its steps in order, is in the ledger, and shows on the pipeline', async () => {
    const house = await openHouse();
    await postLines(house, [anOrder({ order_id: 'A-1' }), anOrder({ order_id: 'A-2' })]);
    await house.settled();
    const lines = await refresh(house);
    expect(Object.keys(endsOf(lines))).toEqual([
      'sources',
      'census',
      'compaction',
      'checks',
      'statistics',
      'retention',
      'archive',
    ]);
    expect(endsOf(lines)).toMatchObject({
      sources: 'skipped: No source is configured.',
      census: expect.stringContaining('skipped: The figures of'),
      compaction: 'done',
    });
    const { refreshes, archive } = (await ask(house, '/v1/pipeline')).json;
    expect(refreshes).toMatchObject([{ trigger: 'hand', steps: expect.any(Array), checks: expect.any(Array) }]);
    expect(archive).toMatchObject({ batches: 1, records: 2 });
    expect(await rowsOf(house, 'sales-summary')).toMatchObject([{ orders: 2 }]);
  });

  it('has census figures from the start', async () => {
    const house = await openHouse();
    await postLines(house, [anOrder()]);
    expect(await rowsOf(house, 'sales-by-state')).toMatchObject([
      { state: 'TX', population: expect.any(Number), revenue_index: 100 },
    ]);
  });

  it('brings stores from files, and lets those go that are gone', async () => {
    const folder = newFolder();
    mkdirSync(folder, { recursive: true });
    const stores = join(folder, 'stores.csv');
    writeFileSync(stores, 'store_id,state,city\ns-1,NY,Albany\ns-2,CA,Fresno\n');
    const house = await openHouse({ sourceFolder: folder });
    await postLines(house, [
      anOrder({ order_id: 'A-1', store_id: 's-1' }),
      anOrder({ order_id: 'A-2', store_id: 's-2' }),
    ]);
    await house.settled();
    expect(endsOf(await refresh(house, '?only=sources'))['sources']).toContain('stores: 2 read');
    const states = async () => (await rowsOf(house, 'sales-by-state')).map(({ state }) => state);
    expect(await states()).toEqual(['CA', 'NY']);
    writeFileSync(stores, 'store_id,state,city\ns-1,NY,Albany\n');
    expect(endsOf(await refresh(house, '?only=sources'))['sources']).toContain('1 gone');
    // Orders from before it went keep the place they had.
    expect(await states()).toEqual(['CA', 'NY']);
  });

  it('says what failed, does the rest, and names the steps there are', async () => {
    const folder = newFolder();
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'stores.csv'), 'shop,place\n1,NY\n');
    const house = await openHouse({ sourceFolder: folder });
    const ends = endsOf(await refresh(house, '?only=sources,statistics'));
    expect(ends).toMatchObject({ sources: expect.stringContaining('failed: '), statistics: 'done' });
    const wrong = await ask(house, '/v1/refresh?only=everything', { method: 'POST' });
    expect(wrong).toMatchObject({ status: 422, json: { code: 'invalid_parameter' } });
    expect(wrong.json.detail).toContain('compaction');
  });
});
