import type { Removed } from './manifest.ts';

/**
 * Segments without a file, side by side ones as one: what was loaded and then removed before there was an archive.
 *
 * @param loaded in any order
 * @param there sequences of which the records can be read
 */
export function runsOfMissing(
  loaded: readonly { readonly sequence: number; readonly records: number }[],
  there: ReadonlySet<number>,
): Removed[] {
  const runs: Removed[] = [];
  for (const { sequence, records } of [...loaded].sort((a, b) => a.sequence - b.sequence)) {
    if (there.has(sequence)) continue;
    const run = runs.at(-1);
    if (run?.last === sequence - 1) runs.splice(-1, 1, { ...run, last: sequence, records: run.records + records });
    else runs.push({ first: sequence, last: sequence, records, reason: 'before the archive' });
  }
  return runs;
}
