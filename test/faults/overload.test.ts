import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createRandom, seedOfRun } from './random.ts';
import { expectExactlyOnce } from './stored.ts';
import { type CliProcess, startServer, temporaryFolder, untilLoaded } from './support.ts';
import { connections, Traffic } from './traffic.ts';

const isLong = process.env['SLICEHOUSE_LONG'] === '1';
const seconds = Number(process.env['SLICEHOUSE_OVERLOAD_SECONDS'] ?? (isLong ? 300 : 8));
/** The everyday run is too short to fill the usual limit. */
const settings = { SLICEHOUSE_LOG_LEVEL: 'warn', ...(seconds < 60 ? { SLICEHOUSE_BACKLOG_MEGABYTES: '8' } : {}) };
const rssBytesMax = 1024 ** 3;
const slowestMsMax = 15_000;

/** The most memory that the process has in use until told to stop, looked at four times a second. */
async function watchRss(server: CliProcess, stop: AbortSignal): Promise<number> {
  let most = 0;
  while (!stop.aborted) {
    most = Math.max(most, server.rssBytes());
    await sleep(250);
  }
  return most;
}

test(`for ${seconds} seconds of more orders than can be loaded, memory and latency stay bounded and no acknowledged order is lost`, {
  timeout: (seconds + 300) * 1000,
}, async (context) => {
  if (process.platform !== 'linux') context.skip('reads the memory of a process as Linux tells it');
  const folder = await temporaryFolder();
  const traffic = new Traffic(createRandom(seedOfRun()));
  const server = startServer(folder, settings);
  const url = await server.ready();
  const stop = new AbortController();
  const watching = watchRss(server, stop.signal);
  const posting = traffic.run(url, [...connections(4, 1, 1), ...connections(8, 1_000, 4_000)], stop.signal);
  await sleep(seconds * 1000);
  const loaded = await loadedSoFar(url);
  stop.abort();
  await posting;
  const rssBytes = await watching;
  await untilLoaded(url, 120_000);
  expect(await server.kill('SIGTERM')).toEqual({ code: 0, signal: null });

  const rates = { offered: traffic.sentRecords / seconds, loaded: loaded / seconds };
  const refused = new Set(traffic.refusals.map(({ status, code }) => `${status} ${code}`));
  console.log(
    `${seconds} s: ${Math.round(rates.offered)} orders/s offered, ${Math.round(rates.loaded)} loaded; ${traffic.refusals.length} refusals; slowest 202 ${Math.round(traffic.slowestMs)} ms; RSS at most ${Math.round(rssBytes / 1024 / 1024)} MiB`,
  );
  expect(refused).toEqual(new Set(['503 overloaded']));
  expect(Math.min(...traffic.refusals.map(({ retryAfterSeconds }) => retryAfterSeconds))).toBeGreaterThan(0);
  expect(rates.offered).toBeGreaterThan(2 * rates.loaded);
  expect(rssBytes).toBeLessThan(rssBytesMax);
  expect(traffic.slowestMs).toBeLessThan(slowestMsMax);
  expect(server.stderr).toContain('orders are taken again');
  await expectExactlyOnce(folder, traffic);
});

async function loadedSoFar(url: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(/^slicehouse_records_loaded_total\{outcome="loaded"\} (\d+)$/m.exec(text)?.[1]);
}
