// node --import tsx bench/write-docs.ts [result]
// Writes the figures of a result, the newest baseline if none is named, into the marked sections of docs/performance.md.
import { readFileSync, writeFileSync } from 'node:fs';
import { markdownTable, withUnit } from './support/format.ts';
import { asExpected, type Figure, type Machine, type ResultFile, type ScenarioResult } from './support/result.ts';
import { baselinesFolder, newestIn, readResult } from './support/result-files.ts';

const document = new URL('../docs/performance.md', import.meta.url);
const quickWarning =
  '**These figures are of a run with `--quick`: rounds of a second on little data, which show that everything works and measure nothing.**';
const section = /(<!-- measured: ([a-z]+) -->\n)[\s\S]*?(<!-- end of measured -->)/g;

function machineText({ machine, startedAt, version, quick }: ResultFile): string {
  const { cpu, cores, memoryGb, system, node, duckdb, fdatasyncMs }: Machine = machine;
  const facts: readonly (readonly [string, string])[] = [
    ['Measured on', startedAt.slice(0, 10)],
    ['Version', version],
    ['Processor', `${cpu}, ${cores} cores`],
    ['Memory', `${memoryGb} GB`],
    ['System', system],
    ['Node', node],
    ['DuckDB', duckdb],
    [
      'Disk: append of 4 KiB and fdatasync',
      `p50 ${withUnit(fdatasyncMs.p50, 'ms')}, p99 ${withUnit(fdatasyncMs.p99, 'ms')}`,
    ],
  ];
  const table = ['| | |', '| --- | --- |', ...facts.map(([name, fact]) => `| ${name} | ${fact} |`)].join('\n');
  return quick ? `${table}\n\n${quickWarning}` : table;
}

function expectationsText({ scenarios }: ResultFile): string {
  const judged = scenarios.flatMap(({ figures }) => figures).filter(({ expected }) => expected !== undefined);
  const row = (figure: Figure): string => {
    const bound = `${figure.better === 'higher' ? '≥' : '≤'} ${withUnit(figure.expected ?? 0, figure.unit)}`;
    return `| ${figure.name} | ${bound} | ${withUnit(figure.value, figure.unit)} | ${asExpected(figure) ? 'yes' : '**no**'} |`;
  };
  return ['| figure | expected | measured | met |', '| --- | ---: | ---: | --- |', ...judged.map(row)].join('\n');
}

function scenarioText({ tables, notes }: ScenarioResult): string {
  return [...tables.map(markdownTable), ...notes].join('\n\n');
}

/**
 * The document with the figures of a result in its sections.
 *
 * @throws Error naming a section that the result has nothing for
 */
function fill(text: string, result: ResultFile): string {
  const texts = new Map([
    ['machine', machineText(result)],
    ['expectations', expectationsText(result)],
    ...result.scenarios.map((scenario) => [scenario.name, scenarioText(scenario)] as const),
  ]);
  return text.replace(section, (_, open: string, name: string, close: string) => {
    const measured = texts.get(name);
    if (measured === undefined) throw new Error(`The result has nothing for the section ${name}.`);
    return `${open}${measured}\n${close}`;
  });
}

const [path = newestIn(baselinesFolder)] = process.argv.slice(2);
const result = readResult(path);
writeFileSync(document, fill(readFileSync(document, 'utf8'), result));
console.log(`docs/performance.md shows ${path}.`);
