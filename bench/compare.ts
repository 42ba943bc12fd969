// node --import tsx bench/compare.ts [result] [baseline]
// Compares the newest result with the newest baseline, or those named. Only ratios are judged, since they hold across
// machines; exits with 1 when one got worse than its tolerance.
import { withUnit } from './support/format.ts';
import type { Figure, ResultFile } from './support/result.ts';
import { baselinesFolder, newestIn, readResult, resultsFolder } from './support/result-files.ts';

interface Comparison {
  readonly figure: Figure;
  /** Undefined when the baseline does not have the figure. */
  readonly before: number | undefined;
  readonly worse: boolean;
}

/** The ratios of a result beside those of a baseline. */
function compare(result: ResultFile, baseline: ResultFile): Comparison[] {
  const before = new Map(figuresOf(baseline).map(({ name, value }) => [name, value]));
  return figuresOf(result).map((figure) => {
    const was = before.get(figure.name);
    return { figure, before: was, worse: was !== undefined && isWorse(figure, was) };
  });
}

function figuresOf({ scenarios }: ResultFile): Figure[] {
  return scenarios.flatMap(({ figures }) => figures).filter(({ tolerance }) => tolerance !== undefined);
}

function isWorse({ value, better, tolerance = 0 }: Figure, before: number): boolean {
  return better === 'higher' ? value < before * (1 - tolerance) : value > before * (1 + tolerance);
}

function tell({ figure, before, worse }: Comparison): string {
  const now = withUnit(figure.value, figure.unit);
  if (before === undefined) return `new     ${figure.name}: ${now}`;
  const allowed = `${Math.round((figure.tolerance ?? 0) * 100)} % worse is let pass`;
  return `${worse ? 'WORSE ' : 'holds '}  ${figure.name}: ${now}, was ${withUnit(before, figure.unit)} (${allowed})`;
}

function main([resultPath = newestIn(resultsFolder), baselinePath = newestIn(baselinesFolder)]: string[]): void {
  const [result, baseline] = [readResult(resultPath), readResult(baselinePath)];
  console.log(`${resultPath} against ${baselinePath}`);
  if (result.quick || baseline.quick) throw new Error('A --quick run measures nothing that could be compared.');
  const comparisons = compare(result, baseline);
  if (comparisons.every(({ before }) => before === undefined)) throw new Error('They have no ratio in common.');
  for (const comparison of comparisons) console.log(tell(comparison));
  if (comparisons.some(({ worse }) => worse)) process.exitCode = 1;
}

main(process.argv.slice(2));
