import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { temporaryFolders } from '../../test/support/temporary-folders.ts';
import type { CheckStatus } from '../contract/refresh.ts';
import { DuckdbWarehouse } from '../warehouse/duckdb/duckdb-warehouse.ts';
import { dataChecks } from './data-checks.ts';
import { lastRead, newestChecks, newestRuns } from './run-history.ts';
import { type EndedPart, RunLedger } from './run-ledger.ts';

const newFolder = temporaryFolders();
const at = (day: number, minute = 0): string => new Date(Date.UTC(2026, 5, day, 6, minute)).toISOString();

let warehouse: DuckdbWarehouse;
let ledger: RunLedger;
let nowMs = 0;
beforeEach(async () => {
  const folder = newFolder();
  warehouse = await DuckdbWarehouse.open({ path: join(folder, 'warehouse.duckdb'), folder, memoryLimitMb: 256 });
  ledger = new RunLedger(warehouse, () => nowMs);
});
afterEach(() => warehouse.close());

/** Begins the run of a day in June 2026. */
async function begin(day: number): Promise<string> {
  nowMs = Date.parse(at(day));
  const runId = `run-${day}`;
  const businessDate = at(day).slice(0, 10);
  await ledger.begin({ runId, businessDate, scheduledAtMs: nowMs, trigger: 'schedule', missedDates: 0 });
  return runId;
}

async function check(day: number, name: string, status: CheckStatus): Promise<void> {
  const runId = await begin(day);
  await warehouse.write([
    {
      sql: `INSERT INTO data_check VALUES ($run_id, $name, $status, 0.5, 'at most 1', 'A half.')`,
      parameters: { run_id: runId, name, status },
    },
  ]);
}

describe('the newest runs', () => {
  it('are none before the first', async () => {
    expect(await newestRuns(warehouse, 3)).toEqual([]);
  });

  it('come newest first, with their own steps and the parts of those', async () => {
    for (const day of [1, 2, 3]) {
      const runId = await begin(day);
      await ledger.beginStep(runId, 0, 'sources');
      const times = { startedAtMs: nowMs, finishedAtMs: nowMs + 60_000 };
      await ledger.addPart(runId, 0, 'sources', { ...times, part: 'stores', status: 'done', rows: day, detail: null });
      nowMs += 120_000;
      await ledger.endStep({ runId, step: 'sources', status: 'done', rows: day, detail: 'read' });
      await ledger.beginStep(runId, 1, 'checks');
    }
    const runs = await newestRuns(warehouse, 2);
    expect(runs.map(({ run_id }) => run_id)).toEqual(['run-3', 'run-2']);
    const part = { part: 'stores', status: 'done', started_at: at(3), finished_at: at(3, 1), rows: 3, detail: null };
    expect(runs[0]?.steps).toEqual([
      {
        step: 'sources',
        status: 'done',
        started_at: at(3),
        finished_at: at(3, 2),
        rows: 3,
        detail: 'read',
        parts: [part],
      },
      {
        step: 'checks',
        status: 'running',
        started_at: at(3, 2),
        finished_at: null,
        rows: null,
        detail: null,
        parts: [],
      },
    ]);
  });
});

describe('the data checks', () => {
  it('are all there before any ran', async () => {
    const checks = await newestChecks(warehouse);
    expect(checks.map(({ name }) => name)).toEqual(dataChecks.map(({ name }) => name));
    for (const one of checks) {
      expect(one).toMatchObject({ status: null, since: null, title: expect.stringMatching(/^[A-Z].{5,}/) });
      expect(one.looks_at).toMatch(/^[A-Z].{10,}/);
    }
    expect(new Set(checks.map(({ title }) => title)).size).toBe(checks.length);
  });

  it('say what they came to last, and since when it is so', async () => {
    const history: CheckStatus[] = ['warned', 'passed', 'warned', 'warned', 'failed', 'failed', 'failed'];
    for (const [index, status] of history.entries()) await check(index + 1, 'guest-share', status);
    await check(8, 'unknown-stores', 'passed');
    const of = async (name: string) => (await newestChecks(warehouse)).find((one) => one.name === name);
    expect(await of('guest-share')).toMatchObject({
      status: 'failed',
      observed: 0.5,
      message: 'A half.',
      business_date: '2026-06-07',
      checked_at: at(7),
      since: at(5),
    });
    expect(await of('unknown-stores')).toMatchObject({ status: 'passed', checked_at: at(8), since: at(8) });
    await check(9, 'guest-share', 'passed');
    expect(await of('guest-share')).toMatchObject({ status: 'passed', checked_at: at(9), since: at(9) });
  });
});

describe('the last read of a table', () => {
  /** A night in which these parts ended, and the step itself. */
  async function night(day: number, status: 'done' | 'failed', ...parts: Pick<EndedPart, 'part' | 'status'>[]) {
    const runId = await begin(day);
    await ledger.beginStep(runId, 0, 'sources');
    for (const part of parts) {
      const times = { startedAtMs: nowMs, finishedAtMs: nowMs + 60_000 };
      const detail = part.status === 'failed' ? `No ${part.part} on day ${day}.` : null;
      await ledger.addPart(runId, 0, 'sources', { ...times, ...part, rows: null, detail });
    }
    nowMs += 120_000;
    await ledger.endStep({ runId, step: 'sources', status, rows: null, detail: `Step of day ${day}.` });
  }
  const done = (part: string) => ({ part, status: 'done' }) as const;
  const failed = (part: string) => ({ part, status: 'failed' }) as const;

  it('is unknown before the first', async () => {
    expect(await lastRead(warehouse, 'stores')).toEqual({ readAt: null, failedAt: null, failure: null });
  });

  it('is told table by table', async () => {
    await night(1, 'done', done('stores'), done('customers'));
    await night(2, 'failed', done('stores'), failed('customers'));
    await night(3, 'failed', done('stores'), failed('customers'));
    expect(await lastRead(warehouse, 'stores')).toEqual({ readAt: at(3, 1), failedAt: null, failure: null });
    expect(await lastRead(warehouse, 'customers')).toEqual({
      readAt: at(1, 1),
      failedAt: at(3, 1),
      failure: 'No customers on day 3.',
    });
    await night(4, 'done', done('stores'), done('customers'));
    expect(await lastRead(warehouse, 'customers')).toEqual({ readAt: at(4, 1), failedAt: null, failure: null });
  });

  it('is the step’s where the step says nothing of the table', async () => {
    await night(1, 'done');
    expect(await lastRead(warehouse, 'stores')).toEqual({ readAt: at(1, 2), failedAt: null, failure: null });
    await night(2, 'failed');
    expect(await lastRead(warehouse, 'stores')).toEqual({
      readAt: at(1, 2),
      failedAt: at(2, 2),
      failure: 'Step of day 2.',
    });
  });
});
