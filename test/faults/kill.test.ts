import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { expectedOf } from './orders.ts';
import { createRandom, type Random, seedOfRun } from './random.ts';
import { expectExactlyOnce } from './stored.ts';
import { type CliProcess, getJson, startServer, temporaryFolder, untilLoaded } from './support.ts';
import { type Connection, connections, Traffic } from './traffic.ts';

const isLong = process.env['SLICEHOUSE_LONG'] === '1';

/** Settings that move the seal, the load and the removal of loaded files nearer to each other, or apart. */
function settingsOf(random: Random): Record<string, string> {
  return {
    SLICEHOUSE_SEAL_AFTER_MS: String(random.pick([10, 50, 200])),
    SLICEHOUSE_KEEP_MEGABYTES: String(random.pick([1, 2_048])),
    SLICEHOUSE_LOG_LEVEL: 'warn',
  };
}

interface Moments {
  readonly afterReadyMsMin: number;
  readonly afterReadyMsMax: number;
}

/** One life of the server: killed while it starts, or under load. */
async function liveAndDie(
  folder: string,
  traffic: Traffic,
  random: Random,
  load: readonly Connection[],
  { afterReadyMsMin, afterReadyMsMax }: Moments,
): Promise<void> {
  const server = startServer(folder, settingsOf(random));
  if (random.chance(0.1)) {
    await sleep(random.between(100, 600));
    await server.kill('SIGKILL');
    return;
  }
  const stop = new AbortController();
  const posting = traffic.run(await server.ready(), load, stop.signal);
  await sleep(random.between(afterReadyMsMin, afterReadyMsMax));
  expect(await server.kill('SIGKILL')).toEqual({ code: null, signal: 'SIGKILL' });
  stop.abort();
  await posting;
}

interface Mix {
  readonly rows: readonly { readonly pizzas: number }[];
}

/** Starts once more, lets everything become visible and compares what reports and files say with the books. */
async function settle(folder: string, traffic: Traffic): Promise<void> {
  const server: CliProcess = startServer(folder);
  const url = await server.ready();
  await traffic.send(url, traffic.fresh(1), false);
  await untilLoaded(url);
  const mix = await getJson<Mix>(`${url}/v1/reports/product-mix?limit=10000`);
  const reported = mix.rows.reduce((sum, row) => sum + row.pizzas, 0);
  expect(await server.kill('SIGTERM')).toEqual({ code: 0, signal: null });
  await expectExactlyOnce(folder, traffic);
  const pizzasOf = (numbers: Iterable<number>): number =>
    [...numbers].reduce((sum, number) => sum + expectedOf(number).pizzas, 0);
  expect(reported).toBeGreaterThanOrEqual(pizzasOf(traffic.acknowledged));
  expect(reported).toBeLessThanOrEqual(pizzasOf(traffic.sent));
}

async function killAgainAndAgain(cycles: number, load: readonly Connection[], moments: Moments): Promise<void> {
  const random = createRandom(seedOfRun());
  const folder = await temporaryFolder();
  const traffic = new Traffic(random);
  for (let cycle = 0; cycle < cycles; cycle += 1) await liveAndDie(folder, traffic, random, load, moments);
  await settle(folder, traffic);
  const figures = `${traffic.acknowledged.size} orders acknowledged, ${traffic.sent.size} sent`;
  console.log(`${cycles} kills: ${figures}, ${traffic.acknowledgedRecords} acknowledged posts of orders`);
  expect(traffic.acknowledged.size).toBeGreaterThan(cycles * 10);
}

const singlesAndBatches = [...connections(4, 1, 1), ...connections(2, 2, 60)];
const kills = isLong ? 200 : 50;

test(
  `after ${kills} kills with -9 under load every acknowledged order counts exactly once`,
  { timeout: kills * 10_000 },
  () => killAgainAndAgain(kills, singlesAndBatches, { afterReadyMsMin: 50, afterReadyMsMax: 450 }),
);

const historyKills = isLong ? 40 : 8;

test(
  `after ${historyKills} kills with -9 amid history-sized batches every acknowledged order counts exactly once`,
  { timeout: historyKills * 30_000 },
  () => killAgainAndAgain(historyKills, connections(3, 3_000, 8_000), { afterReadyMsMin: 300, afterReadyMsMax: 1_400 }),
);
