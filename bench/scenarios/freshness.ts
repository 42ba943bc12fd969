import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createChain } from '../../simulator/chain.ts';
import type { LoadSummary } from '../../simulator/load.ts';
import { eventLoopDelayMs } from '../support/event-loop.ts';
import { HelperProcess } from '../support/helper-process.ts';
import { postPast } from '../support/history.ts';
import { median, type Percentiles, percentiles } from '../support/percentiles.ts';
import { probeFreshness } from '../support/probe.ts';
import { type PipelineState, Product } from '../support/product.ts';
import type { Figure, Table } from '../support/result.ts';
import type { BenchContext, Scenario } from '../support/scenario.ts';
import type { SteadyLoadJob } from '../support/steady-load-process.ts';

const rates = [1_000, 5_000];
const stores = 300;
const historyDays = 10;

interface Step {
  readonly rate: number;
  readonly load: LoadSummary;
  readonly inside: { readonly p50: number; readonly p99: number; readonly max: number };
  readonly outside: Percentiles;
  readonly eventLoopMs: number;
  readonly peakMemoryMb: number | null;
}

/** How soon an order counts, at steady rates, by the server's own figures and seen from outside. */
export const freshness: Scenario = {
  name: 'freshness',
  title: 'Freshness at steady rates',
  async run(context) {
    const folder = join(context.folder, 'freshness');
    const past = await prepare(context, folder);
    const steps: Step[] = [];
    for (const rate of rates) steps.push(await measure(context, folder, rate));
    const notes = [
      `Before the first rate the warehouse held ${past.toLocaleString('en-US')} orders; each rate ran on a process of its own, started cold.`,
    ];
    return { tables: [tableOf(steps)], figures: figuresOf(steps), notes };
  },
};

/** Fills the folder with some days of orders, with a process that is not measured. */
async function prepare(context: BenchContext, folder: string): Promise<number> {
  await using product = await Product.start(['start'], folder);
  const span = { firstDay: context.quick ? 1 : historyDays, lastDay: 1 };
  context.say(`posting ${span.firstDay} days of orders`);
  const orders = await postPast(context, createChain({ seed: 1, stores }), product.url, span);
  await product.settled(context.say);
  return orders;
}

async function measure({ quick, say }: BenchContext, folder: string, rate: number): Promise<Step> {
  const seconds = quick ? 5 : 20;
  await using product = await Product.start(['start'], folder);
  await using load = HelperProcess.start<SteadyLoadJob, LoadSummary>(
    new URL('../support/steady-load-process.ts', import.meta.url),
  );
  say(`${rate} orders/s for ${seconds} s`);
  await eventLoopDelayMs(product.url);
  const samples: PipelineState['freshness'][] = [];
  const [summary, outside] = await Promise.all([
    load.ask({ url: product.url, stores, ordersPerSecond: rate, seconds }),
    probeFreshness(product.url, seconds),
    sample(product, seconds, samples, say),
  ]);
  const eventLoopMs = await eventLoopDelayMs(product.url);
  return {
    rate,
    load: summary,
    inside: worstOf(samples),
    outside: percentiles(outside),
    eventLoopMs,
    peakMemoryMb: product.peakMemoryMb(),
  };
}

async function sample(
  product: Product,
  seconds: number,
  samples: PipelineState['freshness'][],
  say: BenchContext['say'],
): Promise<void> {
  for (let second = 0; second < seconds; second += 1) {
    await sleep(1000);
    const { freshness: figures } = await product.pipeline();
    samples.push(figures);
    if (second % 5 === 4) say(`second ${second + 1}: p99 ${figures.p99_ms} ms`);
  }
}

/** The server's figures are of its newest records, so the windows with the most records count, and the worst of them. */
function worstOf(samples: readonly PipelineState['freshness'][]): Step['inside'] {
  const recordsMax = Math.max(...samples.map(({ records }) => records));
  const full = samples.filter(({ records }) => records === recordsMax);
  return {
    p50: median(full.map(({ p50_ms }) => p50_ms ?? 0)),
    p99: Math.max(...full.map(({ p99_ms }) => p99_ms ?? 0)),
    max: Math.max(...samples.map(({ max_ms }) => max_ms ?? 0)),
  };
}

function tableOf(steps: readonly Step[]): Table {
  return {
    title: 'From the acceptance of an order (server) or its post (outside) until a report counts it',
    columns: [
      { title: 'Asked for', unit: 'orders/s' },
      { title: 'Achieved', unit: 'orders/s' },
      { title: 'Server p50', unit: 'ms' },
      { title: 'p99', unit: 'ms' },
      { title: 'max', unit: 'ms' },
      { title: 'Outside p50', unit: 'ms' },
      { title: 'p99', unit: 'ms' },
      { title: 'max', unit: 'ms' },
      { title: 'Post to 202 p99', unit: 'ms' },
      { title: 'Event-loop delay p99', unit: 'ms' },
      { title: 'Memory max', unit: 'MB' },
    ],
    rows: steps.map(({ rate, load, inside, outside, eventLoopMs, peakMemoryMb }) => [
      rate,
      load.acknowledged / load.seconds,
      inside.p50,
      inside.p99,
      inside.max,
      outside.p50,
      outside.p99,
      outside.max,
      load.latencyMs.p99,
      eventLoopMs,
      peakMemoryMb,
    ]),
  };
}

function figuresOf(steps: readonly Step[]): Figure[] {
  const at = (rate: number) => `at ${rate.toLocaleString('en-US')} orders/s`;
  const high = steps.filter(({ rate }) => rate === rates.at(-1));
  return high.flatMap(({ rate, load, inside, outside, eventLoopMs }): Figure[] => [
    {
      name: `Orders achieved / asked for ${at(rate)}`,
      value: load.acknowledged / load.seconds / rate,
      unit: 'ratio',
      better: 'higher',
      expected: 0.97,
      tolerance: 0.03,
    },
    { name: `Freshness p99 by the server ${at(rate)}`, value: inside.p99, unit: 'ms', better: 'lower', expected: 500 },
    { name: `Freshness p99 from outside ${at(rate)}`, value: outside.p99, unit: 'ms', better: 'lower', expected: 500 },
    { name: `Event-loop delay p99 ${at(rate)}`, value: eventLoopMs, unit: 'ms', better: 'lower', expected: 20 },
  ]);
}
