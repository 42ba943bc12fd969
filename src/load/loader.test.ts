import { describe, expect, it } from 'vitest';
import { ask, post, postLines, rowsOf, testHouses } from '../../test/support/houses.ts';
import { anOrder } from '../../test/support/orders.ts';
import { FreshnessWindow } from './freshness.ts';

const newHouse = testHouses();

describe('the way from a posted order to a report', () => {
  it('survives closing and opening the data folder, with nothing lost and nothing twice', async () => {
    const house = await newHouse({ sealAfterMs: 60_000 });
    const orders = Array.from({ length: 30 }, (_, index) => anOrder({ order_id: `A-${index}` }));
    await postLines(house, orders);
    await house.close();
    const again = await newHouse({ dataDir: house.config.dataDir });
    await postLines(again, orders.slice(0, 10));
    expect(await rowsOf(again, 'sales-summary')).toMatchObject([{ orders: 30 }]);
  });

  it('keeps books that balance', async () => {
    const house = await newHouse();
    await postLines(house, [anOrder(), anOrder(), anOrder({ revision: 3 }), anOrder({ revision: 2 }), '{']);
    await post(house, anOrder({ order_id: 'A-2' }));
    await house.settled();
    const { days, backlog } = (await ask(house, '/v1/pipeline')).json;
    const sum = (name: string): number =>
      days.reduce((total: number, day: Record<string, number>) => total + (day[name] ?? 0), 0);
    expect(sum('received')).toBe(6);
    expect(sum('loaded') + sum('duplicates') + sum('superseded') + sum('quarantined')).toBe(6);
    expect(backlog).toMatchObject({ bufferedBytes: 0, waitingSegments: 0, unloadedRecords: 0 });
  });

  it('counts an order of long ago where it belongs', async () => {
    const house = await newHouse();
    await post(house, anOrder());
    await rowsOf(house, 'sales-summary');
    await post(house, anOrder({ order_id: 'late', ordered_at: '2020-02-29T12:00:00-06:00' }));
    expect(await rowsOf(house, 'sales-by-day')).toMatchObject([
      { business_date: '2020-02-29', orders: 1 },
      { business_date: '2026-02-08', orders: 1 },
    ]);
  });
});

describe('the freshness window', () => {
  it('is empty before the first order', () => {
    expect(new FreshnessWindow().figures()).toEqual({ p50_ms: null, p99_ms: null, max_ms: null, records: 0 });
  });

  it('gives nearest ranks', () => {
    const window = new FreshnessWindow();
    window.record(
      Array.from({ length: 100 }, (_, index) => 1000 - (index + 1)),
      1000,
    );
    expect(window.figures()).toEqual({ p50_ms: 50, p99_ms: 99, max_ms: 100, records: 100 });
  });

  it('forgets the oldest, and takes a clock that was set back for no time', () => {
    const window = new FreshnessWindow();
    window.record([0], 1_000_000);
    window.record(new Array(20_000).fill(500), 400);
    expect(window.figures()).toEqual({ p50_ms: 0, p99_ms: 0, max_ms: 0, records: 16_384 });
  });
});
