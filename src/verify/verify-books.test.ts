import { copyFileSync, cpSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { damages } from '../../test/support/book-damages.ts';
import { act, type BookAction, type OrderChoice, orderOfChoice } from '../../test/support/book-traffic.ts';
import { post, postLines, testHouses } from '../../test/support/houses.ts';
import { anOrder, delivered } from '../../test/support/orders.ts';
import { runs } from '../../test/support/property.ts';
import { segmentBytes } from '../../test/support/segments.ts';
import { temporaryFolders } from '../../test/support/temporary-folders.ts';
import { verifyFolder } from '../../test/support/verify-folder.ts';
import type { House } from '../apps/house.ts';
import { bookProblems, type Verification } from '../contract/verification.ts';
import { DuckdbWarehouse } from '../warehouse/duckdb/duckdb-warehouse.ts';
import { removeResolvedQuarantine } from '../warehouse/quarantined-records.ts';

const newHouse = testHouses();
const newFolder = temporaryFolders();

async function verifyLive(house: House): Promise<Verification> {
  const answer = await house.app.inject({ method: 'POST', url: '/v1/verify' });
  const line = JSON.parse(answer.body.trim().split('\n').at(-1) ?? '') as { result: Verification };
  return line.result;
}

const order: fc.Arbitrary<OrderChoice> = fc.record({
  order: fc.integer({ min: 0, max: 12 }),
  revision: fc.integer({ min: 1, max: 3 }),
  voided: fc.boolean(),
  store: fc.integer({ min: 1, max: 3 }),
  lines: fc.integer({ min: 1, max: 4 }),
});
const pick = fc.nat(1_000);
const action: fc.Arbitrary<BookAction | { readonly what: 'restart' }> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      what: fc.constant('orders' as const),
      orders: fc.array(order, { maxLength: 12 }),
      broken: fc.nat(2),
    }),
  },
  { weight: 1, arbitrary: fc.record({ what: fc.constantFrom('replay' as const, 'drop' as const), pick }) },
  {
    weight: 1,
    arbitrary: fc.record({
      what: fc.constant('stores' as const),
      store: fc.integer({ min: 1, max: 3 }),
      state: fc.constantFrom('TX', 'CA'),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ what: fc.constantFrom('settle' as const, 'archive' as const, 'restart' as const) }),
  },
);

describe('the books of a healthy house', () => {
  it('are proved after any traffic, archiving and restarts', { timeout: 3_600_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(action, { minLength: 3, maxLength: 14 }), async (actions) => {
        let house = await newHouse();
        const { dataDir } = house.config;
        let taken = 0;
        for (const one of actions) {
          if (one.what !== 'restart') taken += await act(house, one);
          else {
            await house.close();
            house = await newHouse({ dataDir });
          }
        }
        await house.settled();
        const result = await verifyLive(house);
        expect(result.problems).toEqual([]);
        expect(result).toMatchObject({ ok: true, notes: [], checked: { unproven_segments: 0 } });
        expect(result.days.reduce((sum, day) => sum + day.received, 0)).toBe(taken);
        await house.close();
        expect(await verifyFolder(dataDir)).toMatchObject({ ok: true, days: result.days });
        rmSync(dataDir, { recursive: true });
      }),
      runs(6, 300),
    );
  });

  it('are proved while orders arrive, and what arrives meanwhile is in flight', async () => {
    const house = await newHouse();
    let posting = true;
    let posted = 0;
    const traffic = (async () => {
      while (posting) {
        const orders = Array.from({ length: 20 }, (_, index) =>
          anOrder({ order_id: `o-${(posted + index) % 500}`, revision: 1 + (posted % 3) }),
        );
        await postLines(house, orders);
        posted += orders.length;
        // A till's pace: archiving has to come to an end meanwhile.
        await sleep(20);
      }
    })();
    const proofs: Verification[] = [];
    for (let round = 0; round < 3; round += 1) {
      proofs.push(await verifyLive(house));
      await house.archiveAll();
    }
    posting = false;
    await traffic;
    expect(proofs.map(({ problems }) => problems)).toEqual([[], [], []]);
    expect(proofs.every(({ ok }) => ok)).toBe(true);
    await house.settled();
    const { days } = await verifyLive(house);
    expect(days.reduce((sum, day) => sum + day.received, 0)).toBe(posted);
    expect(days.every((day) => day.received === day.loaded + day.duplicates + day.superseded + day.quarantined)).toBe(
      true,
    );
  });
});

describe('a broken house', () => {
  /** A closed house with everything in it that can be broken. */
  let whole: string;

  beforeAll(async () => {
    const house = await newHouse();
    const choice = (number: number, changes: Partial<OrderChoice> = {}) =>
      orderOfChoice({
        order: number,
        revision: 1,
        voided: false,
        store: 1 + (number % 3),
        lines: 1 + (number % 4),
        ...changes,
      });
    const some = (from: number, count: number, changes: Partial<OrderChoice> = {}) =>
      Array.from({ length: count }, (_, index) => choice(from + index, changes));
    await postLines(house, [
      ...some(0, 700),
      choice(3),
      choice(4, { revision: 2 }),
      choice(5, { voided: true }),
      '{1',
      '{2',
      '{3',
    ]);
    await house.settled();
    await postLines(house, [...some(10, 5, { revision: 3 }), ...some(700, 60), choice(20), '{1', '{4']);
    await house.archiveAll();
    await postLines(house, [
      ...some(800, 700),
      choice(800),
      choice(801, { revision: 4 }),
      choice(2),
      choice(801, { revision: 2 }),
      '{5',
    ]);
    await house.settled();
    await act(house, { what: 'replay', pick: 1 });
    await act(house, { what: 'drop', pick: 2 });
    await postLines(house, [...some(30, 5, { revision: 2 }), '{6']);
    await house.settled();
    whole = house.config.dataDir;
    await house.close();
    const { problems, checked } = await verifyFolder(whole);
    expect(problems).toEqual([]);
    expect(checked.archive_batches).toBeGreaterThan(0);
    expect(checked.segments).toBeGreaterThan(1);
  });

  const broken = async (name: string, picked: number): Promise<Verification> => {
    const folder = join(newFolder(), 'data');
    cpSync(whole, folder, { recursive: true });
    await damages[name]?.strike(folder, picked);
    const result = await verifyFolder(folder);
    rmSync(folder, { recursive: true });
    return result;
  };

  it.each(Object.entries(damages))('is named when %s', async (name, { code }) => {
    const { ok, problems, problem_counts } = await broken(name, 5);
    expect(ok).toBe(false);
    expect(problem_counts).toHaveProperty(code);
    if (code === 'segment_differs') return;
    const named = problems.find((problem) => problem.code === code);
    expect(named?.where).not.toMatch(/undefined|null|NaN/);
    expect(named?.message).not.toMatch(/undefined|null|NaN/);
    expect(named?.message).toContain(bookProblems[code].cure);
  });

  it('is named whichever row, file or bit it is', { timeout: 3_600_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...Object.keys(damages)), fc.nat(1_000_000), async (name, picked) => {
        const { ok, problem_counts } = await broken(name, picked);
        expect(ok).toBe(false);
        expect(problem_counts).toHaveProperty(damages[name]?.code ?? '');
      }),
      runs(6, 1_000),
    );
  });

  it('can be broken in every way that there is a code for', () => {
    const codes = new Set(Object.values(damages).map(({ code }) => code));
    expect([...codes].sort()).toEqual(Object.keys(bookProblems).sort());
  });
});

describe('files that were set aside', () => {
  /** A closed folder with a loaded segment file of three orders, and its path. */
  async function loaded(): Promise<{ dataDir: string; path: string }> {
    const house = await newHouse();
    await postLines(
      house,
      ['A', 'B', 'C'].map((id) => anOrder({ order_id: id })),
    );
    await house.settled();
    const { dataDir } = house.config;
    await house.close();
    const [name = ''] = readdirSync(join(dataDir, 'segments'));
    return { dataDir, path: join(dataDir, 'segments', name) };
  }

  it('are named in notes when all that is in them is elsewhere, also when their segment file has left', async () => {
    const { dataDir, path } = await loaded();
    const name = basename(path);
    copyFileSync(path, `${path}.damaged`);
    copyFileSync(path, `${path}.unreadable-2`);
    const beside = await verifyFolder(dataDir);
    expect(beside).toMatchObject({ ok: true, problems: [] });
    expect(beside.notes).toEqual([
      expect.stringMatching(`^segments/${name}.damaged is segment file 1 .+ everything in it is in that file too`),
      expect.stringMatching(`^segments/${name}.unreadable-2 is segment file 1 .+ Remove it when you have seen it`),
    ]);
    rmSync(path);
    rmSync(join(dataDir, 'archive'), { recursive: true });
    const left = await verifyFolder(dataDir);
    expect(left.problem_counts).not.toHaveProperty('set_aside_alone');
    expect(left.notes[0]).toContain('was loaded, and has left the folder');
  });

  it('are a problem when a record in them is nowhere else', async () => {
    const { dataDir, path } = await loaded();
    const other = segmentBytes([JSON.stringify(delivered(anOrder({ order_id: 'D' })))]).toString();
    const own = readFileSync(path, 'utf8');
    writeFileSync(`${path}.damaged`, `${own.slice(0, own.indexOf('\n') + 1)}${other}rubbish\n`);
    const { ok, problems } = await verifyFolder(dataDir);
    expect(ok).toBe(false);
    expect(problems).toEqual([
      {
        code: 'set_aside_alone',
        where: `segments/${basename(path)}.damaged`,
        message: `It holds 1 whole record and 1 damaged stretch that segment file 1 has neither as records nor in rejects. ${bookProblems.set_aside_alone.cure}`,
      },
    ]);
  });

  it('are brought back, when nothing is left of their segment file, by giving them its name', async () => {
    const { dataDir, path } = await loaded();
    const records = ['E', 'F'].map((id) => JSON.stringify(delivered(anOrder({ order_id: id }))));
    const damaged = segmentBytes(records).toString().replace('"order_id":"F"', '"order_id":"G"');
    const alone = join(dirname(path), '000000000002.ndjson.damaged');
    writeFileSync(alone, damaged);
    const before = await verifyFolder(dataDir);
    expect(before.problems).toMatchObject([{ code: 'set_aside_alone', where: `segments/${basename(alone)}` }]);
    expect(before.problems[0]?.message).toContain('1 whole record and 1 damaged stretch, segment file 2 is gone');
    renameSync(alone, alone.replace('.damaged', ''));
    const house = await newHouse({ dataDir });
    await house.settled();
    const after = await verifyLive(house);
    expect(after).toMatchObject({ ok: true, problems: [] });
    expect(after.notes).toEqual([expect.stringContaining('everything in it is in that file too, or in its rejects')]);
    const sum = (name: 'loaded' | 'quarantined'): number => after.days.reduce((total, day) => total + day[name], 0);
    expect([sum('loaded'), sum('quarantined')]).toEqual([4, 1]);
  });
});

describe('what cannot be proved', () => {
  it('is said: files that were removed on purpose', async () => {
    const house = await newHouse();
    for (const id of ['A', 'B', 'C']) {
      await post(house, anOrder({ order_id: id }));
      await house.settled();
    }
    const { dataDir } = house.config;
    await house.close();
    rmSync(join(dataDir, 'segments', '000000000001.ndjson'));
    rmSync(join(dataDir, 'archive'), { recursive: true });
    const result = await verifyFolder(dataDir);
    expect(result).toMatchObject({ ok: true, checked: { segments: 2, unproven_segments: 1, unproven_records: 1 } });
    expect(result.notes).toEqual([expect.stringContaining('1 loaded segment files with 1 records')]);
    rmSync(join(dataDir, 'segments', '000000000002.ndjson'));
    rmSync(join(dataDir, 'segments', '000000000003.ndjson'));
    expect(await verifyFolder(dataDir)).toMatchObject({ ok: true, checked: { segments: 0, unproven_segments: 3 } });
  });

  it('is said: records that left quarantine and are no longer kept, also when they come again', async () => {
    const house = await newHouse();
    await postLines(house, ['{1', '{2', '{1']);
    await act(house, { what: 'replay', pick: 0 });
    await act(house, { what: 'drop', pick: 0 });
    const { dataDir } = house.config;
    await house.settled();
    await house.close();
    const path = join(dataDir, 'warehouse.duckdb');
    const warehouse = await DuckdbWarehouse.open({ path, folder: dataDir, memoryLimitMb: 256 });
    await removeResolvedQuarantine(warehouse, new Date(Date.now() + 60_000));
    await warehouse.close();
    expect(await verifyFolder(dataDir)).toMatchObject({ problems: [], checked: { removed_from_quarantine: 2 } });
    const again = await newHouse({ dataDir });
    await postLines(again, ['{1', '{1']);
    await again.settled();
    expect(await verifyLive(again)).toMatchObject({ problems: [], checked: { removed_from_quarantine: 1 } });
  });
});
