import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { WarehouseBench } from '../../test/conformance/warehouse-bench.ts';
import { anOrder, delivered } from '../../test/support/orders.ts';
import { temporaryFolders } from '../../test/support/temporary-folders.ts';
import { createLog } from '../runtime/log.ts';
import { DuckdbWarehouse } from '../warehouse/duckdb/duckdb-warehouse.ts';
import { Refresh, type RefreshNews, type RefreshStep } from './refresh.ts';
import { RunLedger } from './run-ledger.ts';
import { Schedule } from './schedule.ts';

const hourMs = 3_600_000;
const minuteMs = 60_000;
const newFolder = temporaryFolders();
const benches: WarehouseBench[] = [];
afterEach(async () => {
  for (const bench of benches.splice(0)) await bench.close();
});

/** A warehouse in which something was loaded, and a clock that the test turns. */
class Night {
  readonly bench: WarehouseBench;
  readonly ledger: RunLedger;
  readonly ran: string[] = [];
  nowMs = 0;

  constructor(bench: WarehouseBench) {
    this.bench = bench;
    this.ledger = new RunLedger(bench.warehouse, () => this.nowMs);
  }

  static async of(startedMs: number): Promise<Night> {
    const open = (folder: string): Promise<DuckdbWarehouse> =>
      DuckdbWarehouse.open({ path: join(folder, 'warehouse.duckdb'), folder, memoryLimitMb: 512 });
    const bench = await new WarehouseBench(open, newFolder()).open();
    benches.push(bench);
    await bench.load([delivered(anOrder())]);
    const loadedAt = new Date(startedMs).toISOString();
    await bench.warehouse.write([
      { sql: 'UPDATE load_ledger SET loaded_at = CAST($at AS TIMESTAMP)', parameters: { at: loadedAt } },
    ]);
    return new Night(bench);
  }

  /** A refresh whose steps do as told; a new one stands for a process that was started anew. */
  refresh(timeZone = 'America/New_York', steps?: readonly RefreshStep[]): Refresh {
    const noting: RefreshStep = {
      name: 'note',
      run: async ({ businessDate }) => {
        this.ran.push(businessDate);
        return { rows: 1 };
      },
    };
    return new Refresh({
      schedule: new Schedule({ hour: 2, timeZone }),
      ledger: this.ledger,
      steps: steps ?? [noting],
      log: createLog('silent'),
      now: () => this.nowMs,
    });
  }

  runs(): Promise<Record<string, unknown>[]> {
    return this.bench.warehouse.query(
      'SELECT business_date, trigger, status, missed_dates FROM refresh_run ORDER BY started_at, run_id',
    );
  }
}

/** The instants at which the zone's offset changes, within ten years. */
function changes(timeZone: string): number[] {
  const offset = (ms: number): string =>
    new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' }).format(ms).split(', ')[1] ?? '';
  const days = Array.from({ length: 3660 }, (_, day) => Date.UTC(2026, 0, 1) + day * 24 * hourMs);
  return days.filter((ms) => offset(ms) !== offset(ms + 24 * hourMs));
}

function datesFrom(first: string, days: number): string[] {
  return Array.from({ length: days }, (_, day) =>
    new Date(Date.parse(first) + day * 24 * hourMs).toISOString().slice(0, 10),
  );
}

describe('the refresh by itself', () => {
  it.each(['America/New_York', 'America/Los_Angeles', 'America/Phoenix', 'Europe/London'])(
    'runs exactly once a business date over every change of the clock in ten years in %s',
    async (timeZone) => {
      const night = await Night.of(Date.UTC(2026, 0, 1));
      const refresh = night.refresh(timeZone);
      // Where the clock never changes, the days on which it does elsewhere.
      const days = changes(timeZone).length > 0 ? changes(timeZone) : changes('America/New_York');
      for (const changeMs of days) {
        night.ran.length = 0;
        for (let hour = -36; hour <= 60; hour += 1) {
          night.nowMs = changeMs + hour * hourMs;
          await refresh.runIfDue();
        }
        expect(night.ran).toEqual(datesFrom(night.ran[0] ?? '', night.ran.length));
        expect(night.ran.length).toBeGreaterThanOrEqual(4);
      }
    },
    120_000,
  );

  it('does not run before something was loaded, nor for the time before', async () => {
    const night = await Night.of(Date.parse('2026-06-02T12:00:00Z'));
    night.nowMs = Date.parse('2026-06-02T18:00:00Z');
    expect(await night.refresh().runIfDue()).toBeUndefined();
    night.nowMs = Date.parse('2026-06-03T06:00:01Z');
    expect(await night.refresh().runIfDue()).toMatchObject({ business_date: '2026-06-03', status: 'done' });
  });

  it('catches up in one run what was missed while nothing ran, and says how much', async () => {
    const night = await Night.of(Date.parse('2026-06-01T12:00:00Z'));
    night.nowMs = Date.parse('2026-06-02T06:00:01Z');
    await night.refresh().runIfDue();
    night.nowMs = Date.parse('2026-06-05T15:00:00Z');
    const refresh = night.refresh();
    await refresh.runIfDue();
    await refresh.runIfDue();
    expect(night.ran).toEqual(['2026-06-02', '2026-06-05']);
    expect(await night.runs()).toMatchObject([
      { trigger: 'schedule', status: 'done', missed_dates: 0 },
      { trigger: 'catch_up', status: 'done', missed_dates: 2 },
    ]);
  });

  it('does not run again when the clock is set back', async () => {
    const night = await Night.of(Date.parse('2026-06-01T12:00:00Z'));
    const refresh = night.refresh();
    for (const time of ['06:00:01', '05:10:00', '06:00:01', '07:00:00']) {
      night.nowMs = Date.parse(`2026-06-02T${time}Z`);
      await refresh.runIfDue();
    }
    expect(night.ran).toEqual(['2026-06-02']);
  });

  it('runs again what a killed process began', async () => {
    const night = await Night.of(Date.parse('2026-06-01T12:00:00Z'));
    night.nowMs = Date.parse('2026-06-02T06:00:01Z');
    const endless: RefreshStep = { name: 'endless', run: () => new Promise(() => undefined) };
    void night.refresh('America/New_York', [endless]).runIfDue();
    await expect.poll(() => night.runs()).toMatchObject([{ status: 'running' }]);
    night.nowMs += 1000;
    const next = night.refresh();
    await next.start();
    await expect.poll(() => night.runs()).toMatchObject([{ status: 'interrupted' }, { status: 'done' }]);
    await next.stop();
    expect(night.ran).toEqual(['2026-06-02']);
  });

  it('goes on after a step that fails, and tries the run again twice, ten minutes apart', async () => {
    const night = await Night.of(Date.parse('2026-06-01T12:00:00Z'));
    let tries = 0;
    const failing: RefreshStep = {
      name: 'source',
      run: async () => {
        tries += 1;
        throw new Error('The database db.example does not answer.');
      },
    };
    const after: RefreshStep = {
      name: 'after',
      run: async () => ({ rows: null, skipped: true, detail: 'Nothing to do.' }),
    };
    const refresh = night.refresh('America/New_York', [failing, after]);
    for (let minute = 0; minute < 120; minute += 1) {
      night.nowMs = Date.parse('2026-06-02T06:00:01Z') + minute * minuteMs;
      await refresh.runIfDue();
    }
    expect(tries).toBe(3);
    const [newest] = await night.ledger.newest(1);
    expect(newest).toMatchObject({
      status: 'failed',
      steps: [
        { step: 'source', status: 'failed', detail: 'The database db.example does not answer.' },
        { step: 'after', status: 'skipped', detail: 'Nothing to do.' },
      ],
    });
    night.nowMs += 24 * hourMs;
    await refresh.runIfDue();
    expect(tries).toBe(4);
  });
});

describe('the next refresh', () => {
  it('is the next on the schedule, before anything was loaded and after a run', async () => {
    const night = await Night.of(Date.parse('2026-06-01T12:00:00Z'));
    const next = { business_date: '2026-06-02', time_zone: 'America/New_York', is_retry: false };
    night.nowMs = Date.parse('2026-06-01T12:00:01Z');
    const refresh = night.refresh();
    expect(await refresh.next()).toEqual({ at: '2026-06-02T06:00:00.000Z', ...next });
    night.nowMs = Date.parse('2026-06-02T06:00:01Z');
    await refresh.runIfDue();
    expect(await refresh.next()).toMatchObject({ at: '2026-06-03T06:00:00.000Z', business_date: '2026-06-03' });
    await night.bench.warehouse.write([{ sql: 'DELETE FROM load_ledger', parameters: {} }]);
    await night.bench.warehouse.write([{ sql: 'DELETE FROM refresh_run', parameters: {} }]);
    expect(await refresh.next()).toMatchObject({ at: '2026-06-03T06:00:00.000Z', is_retry: false });
  });

  it('is the one that is due, and the next try of one that failed, until it is given up', async () => {
    const night = await Night.of(Date.parse('2026-06-01T12:00:00Z'));
    night.nowMs = Date.parse('2026-06-02T09:00:00Z');
    const failing: RefreshStep = { name: 'source', run: () => Promise.reject(new Error('No.')) };
    const refresh = night.refresh('America/New_York', [failing]);
    const due = { business_date: '2026-06-02' };
    expect(await refresh.next()).toMatchObject({ ...due, at: '2026-06-02T09:00:00.000Z', is_retry: false });
    for (const again of [1, 2]) {
      await refresh.runIfDue();
      night.nowMs += minuteMs;
      const at = new Date(Date.parse('2026-06-02T09:00:00Z') + again * 10 * minuteMs).toISOString();
      expect(await refresh.next()).toMatchObject({ ...due, at, is_retry: true });
      night.nowMs += 9 * minuteMs;
    }
    await refresh.runIfDue();
    expect(await refresh.next()).toMatchObject({ at: '2026-06-03T06:00:00.000Z', is_retry: false });
  });
});

describe('the refresh by hand', () => {
  it('runs at any time, the steps that are asked for, and leaves the night its own run', async () => {
    const night = await Night.of(Date.parse('2026-06-01T12:00:00Z'));
    night.nowMs = Date.parse('2026-06-01T20:00:00Z');
    const step = (name: string): RefreshStep => ({
      name,
      run: async ({ progress }) => {
        progress(1, 2);
        night.ran.push(name);
        return { rows: 2 };
      },
    });
    const refresh = night.refresh('America/New_York', [step('one'), step('two')]);
    const news: RefreshNews[] = [];
    await refresh.runByHand((one) => news.push(one), ['two']);
    expect(night.ran).toEqual(['two']);
    expect(news).toMatchObject([
      { step: 'two', status: 'running', done: 0, total: 0 },
      { step: 'two', status: 'running', done: 1, total: 2 },
      { step: 'two', status: 'done', rows: 2 },
    ]);
    night.nowMs = Date.parse('2026-06-02T06:00:01Z');
    await refresh.runIfDue();
    expect(night.ran).toEqual(['two', 'one', 'two']);
  });

  it('joins a run that is under way', async () => {
    const night = await Night.of(Date.parse('2026-06-01T12:00:00Z'));
    night.nowMs = Date.parse('2026-06-01T20:00:00Z');
    const refresh = night.refresh();
    const results = await Promise.all([refresh.runByHand(), refresh.runByHand()]);
    expect(results[0]).toEqual(results[1]);
    expect(night.ran).toHaveLength(1);
  });
});
