import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { dashboard } from './scenarios/dashboard.ts';
import { freshness } from './scenarios/freshness.ts';
import { ingest } from './scenarios/ingest.ts';
import { reports } from './scenarios/reports.ts';
import { start } from './scenarios/start.ts';
import { DemoFolder } from './support/demo-folder.ts';
import { consoleTable, withUnit } from './support/format.ts';
import { machineFacts } from './support/machine.ts';
import { asExpected, type Figure, type ResultFile, type ScenarioResult } from './support/result.ts';
import { writeResult } from './support/result-files.ts';
import type { BenchContext, Scenario } from './support/scenario.ts';

const scenarios: readonly Scenario[] = [ingest, freshness, reports, start, dashboard];

const usage = `npm run bench -- [scenario…] [options]

Scenarios: ${scenarios.map(({ name }) => name).join(', ')}; all of them when none is named.

  --quick         short rounds and little data: shows that everything works, and measures nothing
  --lines <list>  sizes of the warehouses of the reports scenario, in million lines; default 1,10
  --folder <path> where the data lies while it is measured; default the system's temporary folder
  --out <file>    where the result goes; default bench/results/<date>.json
  --check         exit with 1 when a figure is not as good as expected
  --help`;

class UsageError extends Error {}

const { values: options, positionals: named } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: 'boolean', default: false },
    lines: { type: 'string', default: '1,10' },
    folder: { type: 'string', default: tmpdir() },
    out: { type: 'string' },
    check: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

function chosenScenarios(): readonly Scenario[] {
  const unknown = named.filter((name) => !scenarios.some((scenario) => scenario.name === name));
  if (unknown.length > 0) throw new UsageError(`There is no scenario ${unknown.join(', ')}.`);
  return named.length === 0 ? scenarios : scenarios.filter(({ name }) => named.includes(name));
}

function chosenLines(): number[] {
  if (options.quick) return [100_000];
  const lines = options.lines.split(',').map((millions) => Number(millions) * 1e6);
  if (lines.some((count) => !(count > 0))) throw new UsageError('--lines must be numbers such as 1,10.');
  return lines.sort((a, b) => a - b);
}

/** A scenario that fails is said and passed over: the others have results all the same. */
async function runScenario(scenario: Scenario, context: BenchContext): Promise<ScenarioResult | undefined> {
  console.log(`\n${scenario.title}`);
  const startMs = performance.now();
  try {
    const measured = await scenario.run(context);
    for (const table of measured.tables) console.log(`\n${consoleTable(table)}`);
    for (const note of measured.notes) console.log(note);
    return { name: scenario.name, title: scenario.title, seconds: (performance.now() - startMs) / 1000, ...measured };
  } catch (error) {
    console.error(`${scenario.name} failed:`, error);
    process.exitCode = 1;
    return undefined;
  }
}

async function runAll(chosen: readonly Scenario[], lines: readonly number[], folder: string): Promise<ResultFile> {
  const startMs = performance.now();
  const context: BenchContext = {
    folder,
    quick: options.quick,
    lines,
    say: (text) => console.log(`${String(Math.round((performance.now() - startMs) / 1000)).padStart(5)} s  ${text}`),
    demo: new DemoFolder(join(folder, 'demo'), options.quick ? ['--history-days', '3'] : []),
  };
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  const startedAt = new Date().toISOString();
  const machine = machineFacts(folder);
  console.log(`${machine.cores} cores of ${machine.cpu}, fdatasync p50 ${withUnit(machine.fdatasyncMs.p50, 'ms')}`);
  const results: ScenarioResult[] = [];
  for (const scenario of chosen) {
    const result = await runScenario(scenario, context);
    if (result !== undefined) results.push(result);
  }
  return { startedAt, version, quick: options.quick, machine, scenarios: results };
}

function tellExpectations(figures: readonly Figure[]): void {
  const judged = figures.filter(({ expected }) => expected !== undefined);
  for (const figure of judged) {
    const bound = `${figure.better === 'higher' ? 'at least' : 'at most'} ${withUnit(figure.expected ?? 0, figure.unit)}`;
    const verdict = asExpected(figure) ? 'as expected ' : 'NOT expected';
    console.log(`${verdict}  ${figure.name}: ${withUnit(figure.value, figure.unit)} (${bound})`);
  }
  if (options.check && !judged.every(asExpected)) process.exitCode = 1;
}

async function main(): Promise<void> {
  const [chosen, lines] = [chosenScenarios(), chosenLines()];
  mkdirSync(options.folder, { recursive: true });
  const folder = mkdtempSync(join(resolve(options.folder), 'slicehouse-bench-'));
  // A process that a signal ends at once would leave gigabytes behind.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const result = await runAll(chosen, lines, folder);
  console.log('');
  tellExpectations(result.scenarios.flatMap(({ figures }) => figures));
  console.log(`\nWritten to ${relative(process.cwd(), writeResult(result, options.out))}`);
}

if (options.help) console.log(usage);
else {
  await main().catch((error: unknown) => {
    if (!(error instanceof UsageError)) throw error;
    console.error(`${error.message}\n\n${usage}`);
    process.exitCode = 2;
  });
}
