import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ask, post, rowsOf, testHouses } from '../../test/support/houses.ts';
import { anOrder, delivered } from '../../test/support/orders.ts';
import { writeSegment } from '../../test/support/segments.ts';
import { temporaryFolders } from '../../test/support/temporary-folders.ts';
import type { DeliveredOrder, DeliveredRecord } from '../contract/delivered-order.ts';

const newHouse = testHouses();
const newFolder = temporaryFolders();

const good = (id: number): DeliveredOrder => delivered(anOrder({ order_id: `G-${id}` }));
/** An order that the warehouse has no room for, in one way or another. */
const bad = (id: number, changes: object): DeliveredRecord =>
  ({ ...delivered(anOrder({ order_id: `B-${id}` }), 'till'), ...changes }) as DeliveredRecord;
const linesOf = (changes: object): object => ({ lines: { ...good(0).lines, ...changes } });

const waysToFail: readonly [string, object][] = [
  ['a number beyond its column', { revision: 2 ** 40 }],
  ['a text for a number', { utc_offset_minutes: 'noon' }],
  ['a time beyond all calendars', { ordered_at_ms: 2 ** 63 }],
  ['nothing where something must be', { store_id: null }],
  ['an amount that overflows', linesOf({ gross_cents: ['9223372036854775807'], discount_cents: [-1] })],
  ['lists of two lengths', linesOf({ quantity: [] })],
  ['no lines at all', { lines: null }],
];

/** A house on a folder in which these segment files wait. */
async function houseWith(...files: readonly (readonly DeliveredRecord[])[]) {
  const dataDir = newFolder();
  await (await newHouse({ dataDir })).close();
  for (const [index, records] of files.entries()) writeSegment(join(dataDir, 'segments'), index + 1, records);
  const house = await newHouse({ dataDir });
  const quarantine = async (): Promise<Record<string, string>[]> =>
    (await ask(house, '/v1/quarantine')).json.quarantine;
  return { house, quarantine, segments: () => readdirSync(join(dataDir, 'segments')).sort() };
}

describe('a record that the warehouse cannot take', () => {
  it.each(waysToFail)('for %s goes to quarantine with its exact bytes, and the rest loads', async (_way, changes) => {
    const record = bad(1, changes);
    const { house, quarantine, segments } = await houseWith([good(1), record, good(2)]);
    expect(await rowsOf(house, 'sales-summary')).toMatchObject([{ orders: 2 }]);
    const [reject, ...others] = await quarantine();
    expect(others).toEqual([]);
    expect(reject).toMatchObject({ code: 'unreadable_record', source: 'till' });
    expect(reject?.['origin']).toMatch(/^000000000001\.ndjson, record 2, offset \d+$/);
    const { json } = await ask(house, `/v1/quarantine/${reject?.['id']}`);
    expect(Buffer.from(json.bytes_base64, 'base64').toString()).toBe(JSON.stringify(record));
    expect(segments()).toEqual(['000000000001.ndjson', '000000000001.ndjson.unreadable']);
    await post(house, anOrder({ order_id: 'G-3' }));
    expect(await rowsOf(house, 'sales-summary')).toMatchObject([{ orders: 3 }]);
  });

  it('is found wherever it lies among several files, and the books balance', async () => {
    const many = Array.from({ length: 400 }, (_, index) => good(index));
    for (const [index, at] of [17, 120, 121, 399].entries())
      many[at] = bad(index, waysToFail[index]?.[1] ?? {}) as DeliveredOrder;
    const { house, quarantine } = await houseWith(many.slice(0, 100), many.slice(100, 110), many.slice(110));
    expect(await rowsOf(house, 'sales-summary')).toMatchObject([{ orders: 396 }]);
    expect((await quarantine()).map(({ origin }) => origin?.slice(0, 30)).sort()).toEqual([
      '000000000001.ndjson, record 18',
      '000000000003.ndjson, record 11',
      '000000000003.ndjson, record 12',
      '000000000003.ndjson, record 29',
    ]);
    const { days } = (await ask(house, '/v1/pipeline')).json;
    const sum = (name: string): number =>
      days.reduce((total: number, day: Record<string, number>) => total + (day[name] ?? 0), 0);
    expect([sum('received'), sum('loaded'), sum('quarantined')]).toEqual([400, 396, 4]);
  });
});
