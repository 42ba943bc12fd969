import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { Refresh, type RefreshStep } from '../../src/refresh/refresh.ts';
import { RunLedger } from '../../src/refresh/run-ledger.ts';
import { Schedule } from '../../src/refresh/schedule.ts';
import { createLog } from '../../src/runtime/log.ts';
import type { Warehouse } from '../../src/warehouse/warehouse.ts';
import { WarehouseBench } from '../../test/conformance/warehouse-bench.ts';
import { anOrder, delivered } from '../../test/support/orders.ts';
import { dailySchedules, refreshHour } from '../lib/refresh/schedule-times.ts';
import { changesOf, datesOfTenYears, firesOn, type Repeated } from './support/event-bridge-scheduler.ts';

const zones = [
  'America/New_York',
  'America/Chicago',
  'America/Denver',
  'America/Phoenix',
  'America/Los_Angeles',
  'America/Anchorage',
  'Pacific/Honolulu',
  'America/Puerto_Rico',
  'Europe/London',
  'Europe/Berlin',
  'Australia/Lord_Howe',
];
const bothWays: Repeated[] = ['first', 'second'];
const dayMs = 86_400_000;
const openedLaterMs = 20_000;

interface WarehouseModule {
  readonly DuckdbWarehouse: {
    open(options: { path: string; folder: string; memoryLimitMb: number }): Promise<Warehouse>;
  };
}

/** By its address: this package's compiler has nothing to do with the adapter of one machine. */
const warehouseModule = new URL('../../src/warehouse/duckdb/duckdb-warehouse.ts', import.meta.url).href;

/** Every start of the refresh on these dates, in order. */
function starts(dates: readonly string[], timeZone: string, repeated: Repeated): number[] {
  return dates
    .flatMap((date) => dailySchedules.flatMap((schedule) => firesOn(date, schedule, timeZone, repeated)))
    .sort((one, other) => one - other);
}

const datesAround = (date: string): string[] =>
  [-1, 0, 1, 2].map((days) => new Date(Date.parse(date) + days * dayMs).toISOString().slice(0, 10));

describe('the two schedules, as EventBridge Scheduler keeps them', () => {
  it('leave 02:00 out on the night that has none, and come once on the night that has an hour twice', () => {
    const zone = 'America/New_York';
    expect(firesOn('2027-03-14', { hour: 2, minute: 0 }, zone, 'first')).toEqual([]);
    expect(firesOn('2027-03-14', { hour: 3, minute: 30 }, zone, 'first')).toEqual([Date.parse('2027-03-14T07:30:00Z')]);
    expect(firesOn('2027-11-07', { hour: 1, minute: 30 }, zone, 'first')).toEqual([Date.parse('2027-11-07T05:30:00Z')]);
    expect(firesOn('2027-11-07', { hour: 1, minute: 30 }, zone, 'second')).toEqual([
      Date.parse('2027-11-07T06:30:00Z'),
    ]);
    expect(firesOn('2027-11-07', { hour: 2, minute: 0 }, zone, 'first')).toEqual([Date.parse('2027-11-07T07:00:00Z')]);
  });

  it('would miss a night a year with the first alone: the catch-up is what covers it', () => {
    const missed = datesOfTenYears().filter(
      (date) => firesOn(date, { hour: refreshHour, minute: 0 }, 'America/New_York', 'first').length === 0,
    );
    expect(missed).toHaveLength(10);
    expect(changesOf('America/New_York')).toEqual(expect.arrayContaining(missed));
    expect(changesOf('America/New_York')).toHaveLength(20);
  });

  it.each(zones)(
    'start a run that is due on every date of ten years in %s, and the ledger lets one through',
    (zone) => {
      const schedule = new Schedule({ hour: refreshHour, timeZone: zone });
      for (const repeated of bothWays) {
        const ran: string[] = [];
        // The ledger asks for the newest run that is due, and whether a run stands for that instant already.
        let doneThrough = 0;
        for (const atMs of starts(datesOfTenYears(), zone, repeated)) {
          const due = schedule.latest(atMs + openedLaterMs);
          if (due.scheduledAtMs <= doneThrough) continue;
          doneThrough = due.scheduledAtMs;
          ran.push(due.businessDate);
        }
        expect(ran).toEqual(datesOfTenYears());
      }
    },
  );
});

describe('the refresh that they start, with its real ledger', () => {
  const closing: (() => Promise<void>)[] = [];
  let ran: Record<string, unknown>[] = [];
  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
  });

  /** A warehouse in which something was loaded, and a refresh made anew for each start, as a function is. */
  async function nights(timeZone: string, failing: ReadonlySet<number>) {
    const folder = mkdtempSync(join(tmpdir(), 'slicehouse-schedule-'));
    const { DuckdbWarehouse }: WarehouseModule = await import(warehouseModule);
    const open = (path: string): Promise<Warehouse> =>
      DuckdbWarehouse.open({ path: join(path, 'warehouse.duckdb'), folder: path, memoryLimitMb: 512 });
    const bench = await new WarehouseBench(open, folder).open();
    closing.push(async () => {
      await bench.close();
      rmSync(folder, { recursive: true, force: true });
    });
    await bench.load([delivered(anOrder())]);
    await bench.warehouse.write([{ sql: "UPDATE load_ledger SET loaded_at = TIMESTAMP '2025-12-01'", parameters: {} }]);
    return async (startMs: number): Promise<void> => {
      const now = (): number => startMs + openedLaterMs;
      const step: RefreshStep = {
        name: 'step',
        run: async () => {
          if (failing.has(startMs)) throw new Error('MySQL does not answer.');
          return { rows: 1 };
        },
      };
      await new Refresh({
        schedule: new Schedule({ hour: refreshHour, timeZone }),
        ledger: new RunLedger(bench.warehouse, now),
        steps: [step],
        log: createLog('silent'),
        now,
      }).runIfDue();
      ran = await bench.warehouse.query(
        `SELECT CAST(business_date AS VARCHAR) AS date, status FROM refresh_run ORDER BY started_at, run_id`,
      );
    };
  }

  it.each(['America/New_York', 'Europe/Berlin'])(
    'runs once a business date around every change in %s',
    async (zone) => {
      const dates = [...new Set(changesOf(zone).flatMap(datesAround))];
      for (const repeated of bothWays) {
        const start = await nights(zone, new Set());
        for (const atMs of starts(dates, zone, repeated)) await start(atMs);
        expect(ran).toEqual(dates.map((date) => ({ date, status: 'done' })));
      }
    },
  );

  it('runs again at 03:30 what failed at 02:00', async () => {
    const zone = 'America/New_York';
    const [first = 0] = firesOn('2026-06-02', { hour: 2, minute: 0 }, zone, 'first');
    const start = await nights(zone, new Set([first]));
    for (const atMs of starts(['2026-06-02', '2026-06-03'], zone, 'first')) await start(atMs);
    expect(ran).toEqual([
      { date: '2026-06-02', status: 'failed' },
      { date: '2026-06-02', status: 'done' },
      { date: '2026-06-03', status: 'done' },
    ]);
  });
});
