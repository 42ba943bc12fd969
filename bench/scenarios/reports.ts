import { copyFileSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { createChain } from '../../simulator/chain.ts';
import { dataFolder } from '../../src/apps/data-folder.ts';
import type { ReportAnswer, TopCombinationRow } from '../../src/contract/report.ts';
import { type HandWrittenSql, handWrittenSql } from '../support/hand-written-sql.ts';
import { linesPerDay, postPast } from '../support/history.ts';
import { askJson } from '../support/http.ts';
import { median, percentiles } from '../support/percentiles.ts';
import { Product } from '../support/product.ts';
import { type Selection, type SelectionGroup, selectionGroups } from '../support/report-selections.ts';
import type { Figure, Table } from '../support/result.ts';
import type { BenchContext, Scenario } from '../support/scenario.ts';

const expectedMs = 50;
/** The size that the expectation is about. */
const expectedAtLines = 10_000_000;
const memoryLimitMb = 2_048;
const trials = 8;

/** Milliseconds of one selection, over HTTP and by hand-written SQL. */
interface Timed {
  readonly httpMs: number;
  readonly sqlMs: number;
}

interface Group {
  readonly title: string;
  readonly timed: readonly Timed[];
}

interface Size {
  /** What was asked for; `lines` is a little more. */
  readonly asked: number;
  readonly lines: number;
  readonly fastest: string;
  readonly groups: readonly Group[];
}

/** How long `top-combinations` takes over HTTP, beside hand-written SQL on the same warehouse without HTTP. */
export const reports: Scenario = {
  name: 'reports',
  title: 'Report latency against hand-written SQL',
  async run(context) {
    const chain = createChain({ seed: 1, stores: 300 });
    const perDay = linesPerDay(chain);
    const folder = join(context.folder, 'reports');
    const sizes: Size[] = [];
    let posted = 0;
    for (const lines of context.lines) {
      const days = Math.ceil((lines * 1.05) / perDay);
      await grow(context, chain, folder, { firstDay: days, lastDay: posted + 1 });
      posted = days;
      sizes.push({ asked: lines, ...(await measure(context, folder)) });
    }
    return { tables: sizes.map(tableOf), figures: figuresOf(sizes), notes: sizes.map(noteOf) };
  },
};

async function grow(
  context: BenchContext,
  chain: ReturnType<typeof createChain>,
  folder: string,
  span: { readonly firstDay: number; readonly lastDay: number },
): Promise<void> {
  await using product = await Product.start(['start'], folder);
  await postPast(context, chain, product.url, span);
  await product.settled(context.say);
  await product.inOrder(context.say);
}

/** Serves the warehouse, opens a copy of its file, and asks both for one selection after the other. */
async function measure({ folder: root, say }: BenchContext, folder: string): Promise<Omit<Size, 'asked'>> {
  const copy = join(root, 'reports-copy.duckdb');
  copyFileSync(dataFolder(folder).warehouse, copy);
  const instance = await DuckDBInstance.create(copy, {
    access_mode: 'READ_ONLY',
    threads: String(availableParallelism()),
    memory_limit: `${memoryLimitMb}MB`,
  });
  const connection = await instance.connect();
  try {
    await using product = await Product.start(['start'], folder);
    const { lines, first, last } = await extent(connection);
    const groups = selectionGroups(first, last);
    const fastest = await chooseFastest(connection, groups);
    const timed: Group[] = [];
    for (const { title, selections } of groups) {
      say(`${lines.toLocaleString('en-US')} lines: ${title.toLowerCase()}, ${selections.length} selections`);
      const done = (count: number) => say(`${count} of ${selections.length} selections`);
      timed.push({ title, timed: await timeAll(product.url, connection, fastest, selections, done) });
    }
    return { lines, fastest: fastest.name, groups: timed };
  } finally {
    connection.closeSync();
    instance.closeSync();
    rmSync(copy, { force: true });
  }
}

async function extent(connection: DuckDBConnection): Promise<{ lines: number; first: string; last: string }> {
  const reader = await connection.runAndReadAll(
    'SELECT count(*), CAST(min(business_date) AS VARCHAR), CAST(max(business_date) AS VARCHAR) FROM order_line',
  );
  const [lines, first, last] = reader.getRows()[0] ?? [];
  return { lines: Number(lines), first: String(first), last: String(last) };
}

/** Every way runs on some selections of every group, after one run to warm up; the least total wins. */
async function chooseFastest(connection: DuckDBConnection, groups: readonly SelectionGroup[]): Promise<HandWrittenSql> {
  const sample = groups.flatMap(({ selections }) => selections.slice(0, trials));
  let [fastest, leastMs] = [handWrittenSql[0], Number.POSITIVE_INFINITY];
  for (const way of handWrittenSql) {
    await way.run(connection, {});
    const startMs = performance.now();
    for (const selection of sample) await way.run(connection, selection);
    const ms = performance.now() - startMs;
    if (ms < leastMs) [fastest, leastMs] = [way, ms];
  }
  if (fastest === undefined) throw new Error('There is no hand-written SQL to compare with.');
  return fastest;
}

/** @throws Error when the rows of a selection differ */
async function timeAll(
  url: string,
  connection: DuckDBConnection,
  way: HandWrittenSql,
  selections: readonly Selection[],
  onProgress: (done: number) => void,
): Promise<Timed[]> {
  await askReport(url, { from: '2000-01-01' });
  const timed: Timed[] = [];
  for (const selection of selections) {
    const startMs = performance.now();
    const served = await askReport(url, selection);
    const middleMs = performance.now();
    const computed = await way.run(connection, selection);
    const endMs = performance.now();
    if (!isDeepStrictEqual(served, computed))
      throw new Error(`The rows of ${JSON.stringify(selection)} differ: ${JSON.stringify({ served, computed })}`);
    timed.push({ httpMs: middleMs - startMs, sqlMs: endMs - middleMs });
    if (timed.length % 50 === 0) onProgress(timed.length);
  }
  return timed;
}

async function askReport(url: string, selection: Selection): Promise<TopCombinationRow[]> {
  const query = new URLSearchParams({ ...selection });
  const answer = await askJson<ReportAnswer<TopCombinationRow>>(`${url}/v1/reports/top-combinations?${query}`);
  return answer.rows;
}

/** Per selection, so that a slow one is compared with itself. */
function ratioOf(timed: readonly Timed[]): number {
  return median(timed.map(({ httpMs, sqlMs }) => httpMs / sqlMs));
}

function everySelection({ groups }: Size): Timed[] {
  return groups.flatMap(({ timed }) => timed);
}

function tableOf(size: Size): Table {
  const all = { title: 'Every selection', timed: everySelection(size) };
  return {
    title: `top-combinations at ${size.lines.toLocaleString('en-US')} lines`,
    columns: [
      { title: 'Selections' },
      { title: 'Number', unit: 'count' },
      { title: 'HTTP p50', unit: 'ms' },
      { title: 'p99', unit: 'ms' },
      { title: 'max', unit: 'ms' },
      { title: 'SQL p50', unit: 'ms' },
      { title: 'p99', unit: 'ms' },
      { title: 'max', unit: 'ms' },
      { title: 'HTTP / SQL', unit: 'ratio' },
    ],
    rows: [...size.groups, all].map(({ title, timed }) => {
      const http = percentiles(timed.map(({ httpMs }) => httpMs));
      const sql = percentiles(timed.map(({ sqlMs }) => sqlMs));
      return [title, timed.length, http.p50, http.p99, http.max, sql.p50, sql.p99, sql.max, ratioOf(timed)];
    }),
  };
}

function figuresOf(sizes: readonly Size[]): Figure[] {
  return sizes.flatMap((size): Figure[] => {
    const named = `at ${size.asked / 1e6} M lines`;
    const timed = everySelection(size);
    const p99: Figure = {
      name: `Report p99 over HTTP ${named}`,
      value: percentiles(timed.map(({ httpMs }) => httpMs)).p99,
      unit: 'ms',
      better: 'lower',
      ...(size.asked >= expectedAtLines && { expected: expectedMs }),
    };
    const ratio: Figure = {
      name: `Report over HTTP / hand-written SQL ${named}`,
      value: ratioOf(timed),
      unit: 'ratio',
      better: 'lower',
      tolerance: 0.25,
    };
    return [p99, ratio];
  });
}

function noteOf({ lines, fastest }: Size): string {
  return `At ${lines.toLocaleString('en-US')} lines the fastest hand-written SQL was ${fastest}.`;
}
