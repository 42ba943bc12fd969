import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Compile } from 'typebox/compile';
import { describe, expect, it } from 'vitest';
import { ask, postLines, rowsOf, testHouses } from '../../test/support/houses.ts';
import { anOrder } from '../../test/support/orders.ts';
import { temporaryFolders } from '../../test/support/temporary-folders.ts';
import { PipelineSchema } from '../contract/pipeline.ts';
import { dataChecks } from '../refresh/data-checks.ts';
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
    expect(refreshes[0].steps.map(({ step }: { step: string }) => step)).toEqual(Object.keys(endsOf(lines)));
    expect(archive).toMatchObject({ batches: 1, records: 2 });
    expect(await rowsOf(house, 'sales-summary')).toMatchObject([{ orders: 2 }]);
  });

  it('shows on the pipeline as the contract says, before and after it has run', async () => {
    const schema = Compile(PipelineSchema);
    const house = await openHouse({ refreshHour: 3, refreshZone: 'Europe/London' });
    const before = (await ask(house, '/v1/pipeline')).json;
    expect([...schema.Errors(before)]).toEqual([]);
    const next = { at: expect.any(String), business_date: expect.any(String), time_zone: 'Europe/London' };
    expect(before).toMatchObject({ refreshes: [], next_refresh: { ...next, is_retry: false } });
    expect(Date.parse(before.next_refresh.at) - Date.now()).toBeLessThan(26 * 3_600_000);
    expect(before.checks.map(({ status }: { status: unknown }) => status)).toEqual(dataChecks.map(() => null));
    await postLines(house, [anOrder()]);
    await house.settled();
    await refresh(house);
    const after = (await ask(house, '/v1/pipeline')).json;
    expect([...schema.Errors(after)]).toEqual([]);
    expect(after.refreshes[0].checks).toHaveLength(dataChecks.length);
    const statuses = (of: { name: string; status: string }[]) =>
      of.map(({ name, status }) => `${name} ${status}`).sort();
    expect(statuses(after.checks)).toEqual(statuses(after.refreshes[0].checks));
    for (const check of after.checks) expect(check.since).toBe(after.refreshes[0].started_at);
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

describe('the age of reference data in a report', () => {
  const referenceOf = async (house: House) => {
    const { freshness } = (await ask(house, '/v1/reports/sales-summary')).json;
    return freshness.reference;
  };

  it('is not told where there is no source', async () => {
    const { freshness } = (await ask(await openHouse(), '/v1/reports/sales-summary')).json;
    expect(Object.keys(freshness)).toEqual(['visible_through', 'data_version']);
  });

  it('is unknown until they were read, then counted, and kept when a later attempt fails, with its reason', async () => {
    const folder = newFolder();
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'stores.csv'), 'store_id,state,city\ns-1,NY,Albany\n');
    writeFileSync(join(folder, 'customers.csv'), 'customer_id,home_state\nc-1,NY\nc-2,TX\n');
    const house = await openHouse({ sourceFolder: folder });
    const { dataDir } = house.config;
    const unread = { read_at: null, age_seconds: null, failed_at: null, failure: null };
    expect(await referenceOf(house)).toEqual({ stores: unread, customers: unread });
    await refresh(house, '?only=sources');
    const read = { read_at: expect.any(String), age_seconds: expect.any(Number), failed_at: null, failure: null };
    const first = await referenceOf(house);
    expect(first).toEqual({ stores: read, customers: read });
    expect(first.customers.age_seconds).toBeLessThan(60);
    writeFileSync(join(folder, 'customers.csv'), 'who,where\nc-1,NY\n');
    await refresh(house, '?only=sources');
    const second = await referenceOf(house);
    expect(second.stores).toEqual(read);
    expect(second.customers).toMatchObject({ read_at: first.customers.read_at, failed_at: expect.any(String) });
    expect(second.customers.failure).toContain('customers.csv');
    const [run] = (await ask(house, '/v1/pipeline')).json.refreshes;
    expect(run.steps[0].parts).toMatchObject([
      { part: 'stores', status: 'done', rows: 0 },
      { part: 'customers', status: 'failed', detail: second.customers.failure },
    ]);
    await house.close();
    const again = await referenceOf(await openHouse({ dataDir, sourceFolder: folder }));
    expect(again.customers).toMatchObject({ failure: second.customers.failure });
  });
});
