import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { PipelineAnswer } from '../../src/contract/pipeline.ts';
import { Schedule } from '../../src/refresh/schedule.ts';
import { createRandom, seedOfRun } from './random.ts';
import { CliProcess, getJson, temporaryFolder, untilLoaded } from './support.ts';
import { Traffic } from './traffic.ts';

const timeZone = 'America/New_York';
/** A start, an order and its load take less. */
const untilDueMs = 8_000;
/** The server looks every 15 seconds whether a refresh is due. */
const patienceMs = 40_000;

/** Starts the server with a clock that shows another time and runs as fast as any. */
async function start(folder: string, aheadMs: number): Promise<{ server: CliProcess; url: string }> {
  const program = [process.execPath, resolve('test/faults/settable-clock.mjs')] as const;
  const settings = { CLOCK_AHEAD_MS: String(aheadMs), SLICEHOUSE_REFRESH_ZONE: timeZone };
  const server = new CliProcess(['start', '--data-dir', folder, '--port', '0'], settings, program);
  return { server, url: await server.ready() };
}

async function refreshOf(url: string): Promise<Pick<PipelineAnswer, 'refreshes' | 'next_refresh'>> {
  const { refreshes, next_refresh } = await getJson<PipelineAnswer>(`${url}/v1/pipeline`);
  return { refreshes, next_refresh };
}

test('two o’clock comes while a real process runs: it refreshes once, and a second start on that date does not', async () => {
  const folder = await temporaryFolder();
  const due = new Schedule({ hour: 2, timeZone }).next(Date.now());
  const after = new Schedule({ hour: 2, timeZone }).next(due.scheduledAtMs + 1);
  const aheadMs = due.scheduledAtMs - untilDueMs - Date.now();
  const scheduled_at = new Date(due.scheduledAtMs).toISOString();

  const first = await start(folder, aheadMs);
  const traffic = new Traffic(createRandom(seedOfRun()));
  expect(await traffic.send(first.url, traffic.fresh(20), true)).toBe(202);
  await untilLoaded(first.url);
  expect(await refreshOf(first.url)).toMatchObject({ refreshes: [], next_refresh: { at: scheduled_at } });
  expect(Date.now() + aheadMs).toBeLessThan(due.scheduledAtMs);

  await expect
    .poll(async () => (await refreshOf(first.url)).refreshes[0]?.status, { timeout: patienceMs, interval: 200 })
    .toBe('done');
  const done = await refreshOf(first.url);
  expect(done.refreshes).toMatchObject([
    { business_date: due.businessDate, scheduled_at, trigger: 'schedule', missed_dates: 0 },
  ]);
  expect(Date.parse(done.refreshes[0]?.started_at ?? '')).toBeGreaterThanOrEqual(due.scheduledAtMs);
  expect(done.refreshes[0]?.steps.filter(({ status }) => status === 'failed')).toEqual([]);
  expect(done.next_refresh).toMatchObject({ at: new Date(after.scheduledAtMs).toISOString(), is_retry: false });
  expect(await first.server.kill('SIGTERM')).toEqual({ code: 0, signal: null });

  // A start looks at once whether something is due.
  const second = await start(folder, aheadMs);
  await sleep(3_000);
  expect(await refreshOf(second.url)).toEqual(done);
  expect(await second.server.kill('SIGTERM')).toEqual({ code: 0, signal: null });

  const third = await start(folder, aheadMs + after.scheduledAtMs - due.scheduledAtMs);
  await expect
    .poll(async () => (await refreshOf(third.url)).refreshes.map(({ status }) => status), { timeout: patienceMs })
    .toEqual(['done', 'done']);
  expect((await refreshOf(third.url)).refreshes[0]).toMatchObject({ business_date: after.businessDate });
  expect(await third.server.kill('SIGTERM')).toEqual({ code: 0, signal: null });
});
