import type { Command } from 'commander';
import { configOf, withSettings } from '../command-context.ts';
import { progressLine } from '../progress-line.ts';
import type { RebuildProgress } from '../rebuild/fill-warehouse.ts';
import { describeMissing } from '../rebuild/plan-rebuild.ts';
import { type Rebuilt, rebuildMegabytes, rebuildWarehouse } from '../rebuild/rebuild-warehouse.ts';

/** `slicehouse rebuild`: the warehouse anew from archive and segment files. */
export function rebuildCommand(program: Command): void {
  withSettings(
    program
      .command('rebuild')
      .description('Make the warehouse anew from the archive and the segment files of its data folder'),
    ['dataDir'],
  )
    .option('--partial', 'Go on although orders are no longer in the folder')
    .option('--json', 'Print JSON')
    .action(async (options: { partial?: boolean; json?: boolean }, command: Command) => {
      const progress = progressLine();
      const startedMs = performance.now();
      const onProgress = (now: RebuildProgress): void => progress.show(describeProgress(now, startedMs));
      const { partial = false, json = false } = options;
      const rebuilt = await rebuildWarehouse(configOf(command, { memoryMegabytes: rebuildMegabytes }), {
        partial,
        onProgress,
      }).finally(() => progress.end());
      process.stdout.write(json ? `${JSON.stringify(figuresOf(rebuilt), null, 2)}\n` : describe(rebuilt));
    });
}

function describeProgress({ records, archivedRecords }: RebuildProgress, startedMs: number): string {
  const perSecond = Math.round((records * 1000) / (performance.now() - startedMs));
  const of = records <= archivedRecords ? ` of ${count(archivedRecords)} archived` : '';
  return `Rebuild: ${count(records)}${of} records, ${count(perSecond)} a second`;
}

function figuresOf({ records, archiveBatches, referenceFiles, seconds, missing }: Rebuilt): object {
  return {
    records,
    archive_batches: archiveBatches,
    reference_files: referenceFiles,
    seconds,
    records_per_second: Math.round(records / seconds),
    missing,
  };
}

function describe({ records, archiveBatches, seconds, missing }: Rebuilt): string {
  const lines = [
    `The warehouse is made anew: ${count(records)} records, ${count(archiveBatches)} batches of the archive, in ${seconds.toFixed(1)} s (${count(Math.round(records / seconds))} a second).`,
    ...(missing.length > 0 ? [`It lacks:\n${describeMissing(missing)}`] : []),
  ];
  return `${lines.join('\n')}\n`;
}

const count = (value: number): string => value.toLocaleString('en-US');
