import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { expectedOf, orderOf } from './orders.ts';
import { createRandom, seedOfRun } from './random.ts';
import { expectExactlyOnce } from './stored.ts';
import { CliProcess, getJson, temporaryFolder, untilLoaded } from './support.ts';
import { connections, Traffic } from './traffic.ts';

interface Pipeline {
  readonly freshness: { readonly p50_ms: number; readonly max_ms: number; readonly records: number };
}

const freshMsMax = 5_000;

test.each([
  ['forward, then back', ['SIGUSR2', 'SIGHUP']],
  ['back, then forward', ['SIGHUP', 'SIGUSR2']],
] as const)(
  'a clock that jumps an hour %s under load loses no order, delays none, and spoils no figure',
  async (_way, jumps) => {
    const folder = await temporaryFolder();
    const traffic = new Traffic(createRandom(seedOfRun()));
    const program = [process.execPath, resolve('test/faults/settable-clock.mjs')] as const;
    const server = new CliProcess(['start', '--data-dir', folder, '--port', '0'], {}, program);
    const url = await server.ready();
    const stop = new AbortController();
    const posting = traffic.run(url, [...connections(2, 1, 1), ...connections(1, 2, 20)], stop.signal);
    for (const jump of jumps) {
      await sleep(700);
      process.kill(server.pid, jump);
      await sleep(700);
      const { freshness } = await getJson<Pipeline>(`${url}/v1/pipeline`);
      expect(freshness.max_ms).toBeLessThan(freshMsMax);
      expect(freshness.p50_ms).toBeGreaterThanOrEqual(0);
    }
    stop.abort();
    await posting;
    await untilLoaded(url, freshMsMax);
    const { rows } = await getJson<{ rows: { business_date: string; pizzas: number }[] }>(
      `${url}/v1/reports/sales-by-day`,
    );
    expect(new Map(rows.map((row) => [row.business_date, row.pizzas]))).toEqual(pizzasByDate(traffic));
    expect(await server.kill('SIGTERM')).toEqual({ code: 0, signal: null });
    await expectExactlyOnce(folder, traffic);
  },
);

/** Unknown stores close at four o'clock, and these orders are written in UTC. */
function pizzasByDate(traffic: Traffic): Map<string, number> {
  const pizzas = new Map<string, number>();
  for (const number of traffic.acknowledged) {
    const date = new Date(Date.parse(orderOf(number).ordered_at) - 4 * 3_600_000).toISOString().slice(0, 10);
    pizzas.set(date, (pizzas.get(date) ?? 0) + expectedOf(number).pizzas);
  }
  return pizzas;
}
