import { join } from 'node:path';
import type { BareServerJob } from '../support/bare-server-process.ts';
import { HelperProcess } from '../support/helper-process.ts';
import { askText } from '../support/http.ts';
import { batchOrders, type PostingKind } from '../support/order-requests.ts';
import { orderTemplates } from '../support/order-templates.ts';
import { median } from '../support/percentiles.ts';
import type { PostingJob, PostingSummary } from '../support/posting-process.ts';
import { Product } from '../support/product.ts';
import type { Figure, Table } from '../support/result.ts';
import type { BenchContext, Scenario } from '../support/scenario.ts';

/** One way of posting, measured in pairs of rounds: the bare server, then the product. */
interface Way {
  readonly kind: PostingKind;
  readonly title: string;
  readonly connections: number;
  readonly pairs: number;
  readonly expected?: number;
}

const ways: readonly Way[] = [
  { kind: 'single', title: 'One order a request', connections: 64, pairs: 5, expected: 0.6 },
  { kind: 'ndjson', title: 'NDJSON, 1,000 orders a request', connections: 4, pairs: 3 },
  { kind: 'gzip', title: 'NDJSON, gzip, 1,000 orders a request', connections: 4, pairs: 3 },
];
const tolerance = 0.2;

interface Pair {
  readonly bare: PostingSummary;
  readonly product: PostingSummary;
  /** From the last answer until reports counted everything, seconds. */
  readonly settleSeconds: number;
}

/** Orders a second, as fast as the server answers, beside a bare server in the same run. */
export const ingest: Scenario = {
  name: 'ingest',
  title: 'Orders a second against a bare HTTP server',
  async run(context) {
    await using product = await Product.start(['start'], join(context.folder, 'ingest'));
    await using bare = HelperProcess.start<BareServerJob, string>(
      new URL('../support/bare-server-process.ts', import.meta.url),
    );
    await using poster = HelperProcess.start<PostingJob, PostingSummary>(
      new URL('../support/posting-process.ts', import.meta.url),
    );
    const bareUrl = await bare.ask(await answersOf(product.url));
    const [tables, figures]: [Table[], Figure[]] = [[], []];
    for (const way of ways) {
      const pairs = await measure(context, way, product, bareUrl, poster);
      tables.push(tableOf(way, pairs));
      figures.push(figureOf(way, pairs));
      if (pairs.some(({ bare: a, product: b }) => a.refused + b.refused > 0))
        throw new Error(`Requests were refused: ${JSON.stringify(pairs)}`);
    }
    return { tables, figures, notes: notesOf(product) };
  },
};

/** The product's own answers, for the bare server to give. */
async function answersOf(url: string): Promise<BareServerJob> {
  const [template = Buffer.alloc(0)] = orderTemplates(1);
  const body = template.toString();
  const answerToOne = await askText(`${url}/v1/orders`, { method: 'POST', contentType: 'application/json', body });
  const answerToBatch = JSON.stringify({ accepted: batchOrders, rejected: [] });
  return { answerToOne, answerToBatch };
}

async function measure(
  { quick, say }: BenchContext,
  { kind, title, connections, pairs }: Way,
  product: Product,
  bareUrl: string,
  poster: HelperProcess<PostingJob, PostingSummary>,
): Promise<Pair[]> {
  const seconds = quick ? 1 : 5;
  const round = (url: string, length = seconds) => poster.ask({ url, kind, connections, seconds: length });
  say(`${title}: warming up`);
  await round(bareUrl, seconds / 2);
  await round(product.url, seconds / 2);
  await product.settled();
  const measured: Pair[] = [];
  for (let pair = 1; pair <= (quick ? 1 : pairs); pair += 1) {
    const bare = await round(bareUrl);
    const own = await round(product.url);
    measured.push({ bare, product: own, settleSeconds: await product.settled() });
    say(`${title}, pair ${pair}: bare ${rate(bare).toFixed(0)}/s, Slicehouse ${rate(own).toFixed(0)}/s`);
  }
  return measured;
}

const rate = ({ orders, seconds }: PostingSummary): number => orders / seconds;
const ratio = ({ bare, product }: Pair): number => rate(product) / rate(bare);

function tableOf({ title, connections }: Way, pairs: readonly Pair[]): Table {
  const row = (name: string | number, of: (pick: (pair: Pair) => number) => number) => [
    name,
    of(({ bare }) => rate(bare)),
    of(({ product }) => rate(product)),
    of(ratio),
    of(({ bare }) => bare.generatorPercent),
    of(({ product }) => product.generatorPercent),
    of(({ settleSeconds }) => settleSeconds),
  ];
  return {
    title: `${title}, ${connections} connections`,
    columns: [
      { title: 'Pair' },
      { title: 'Bare server', unit: 'orders/s' },
      { title: 'Slicehouse', unit: 'orders/s' },
      { title: 'Ratio', unit: 'ratio' },
      { title: 'Generator’s core, bare', unit: 'percent' },
      { title: 'Generator’s core, Slicehouse', unit: 'percent' },
      { title: 'All visible after', unit: 's' },
    ],
    rows: [
      ...pairs.map((pair, index) => row(index + 1, (pick) => pick(pair))),
      row('median', (pick) => median(pairs.map(pick))),
    ],
  };
}

function figureOf({ title, expected }: Way, pairs: readonly Pair[]): Figure {
  return {
    name: `${title}: Slicehouse / bare server`,
    value: median(pairs.map(ratio)),
    unit: 'ratio',
    better: 'higher',
    ...(expected !== undefined && { expected }),
    tolerance,
  };
}

function notesOf(product: Product): string[] {
  const peak = product.peakMemoryMb();
  return peak === null ? [] : [`Slicehouse held ${peak.toFixed(0)} MB at the most.`];
}
