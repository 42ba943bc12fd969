import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { BackupTarget } from '../../backup/target.ts';
import { spellBytes, type TargetCommandOptions, withOpenTarget, withTarget } from '../backup-target.ts';
import { configOf, withSettings } from '../command-context.ts';
import { announcedServer, dataFolder } from '../data-folder.ts';
import { type Exported, exportFolder } from '../export/export-folder.ts';
import { progressLine } from '../progress-line.ts';
import { describeMissing } from '../rebuild/plan-rebuild.ts';
import { UsageError } from '../serve.ts';

interface ExportCommandOptions extends TargetCommandOptions {
  readonly to: string;
  readonly partial?: boolean;
  readonly json?: boolean;
}

/** A server seals within its `sealAfterMs`, and later only when its disk is slow or full. */
const sealWithinMs = 10_000;

/** `slicehouse export --to s3://bucket`: takes a data folder to the system in AWS. */
export function exportCommand(program: Command): void {
  const command = program
    .command('export')
    .description(
      'Send orders, stores and customers to the data bucket of Slicehouse in AWS; sends what is missing there',
    )
    .requiredOption('--to <address>', 'Data bucket: s3://bucket or s3://bucket/prefix')
    .option('--partial', 'Go on although orders are no longer in the folder')
    .option('--json', 'Print JSON');
  withSettings(withTarget(command), ['dataDir']).action(async (options: ExportCommandOptions, self: Command) => {
    if (!/^s3:\/\//.test(options.to)) throw new UsageError('An export goes to a bucket: --to s3://bucket.');
    const { dataDir, sealAfterMs } = configOf(self);
    const folder = resolve(dataDir);
    if (!existsSync(folder)) throw new UsageError(`There is no data folder ${folder}. Name it with --data-dir.`);
    const isServed = announcedServer(dataFolder(folder)) !== undefined;
    const startedMs = performance.now();
    await withOpenTarget(options.to, options, async (target) => {
      const progress = progressLine();
      const exported = await exportFolder({
        folder,
        target,
        partial: options.partial === true,
        sealWithinMs: isServed ? Math.max(sealWithinMs, 2 * sealAfterMs) : 0,
        onProgress: (done, records, bytesSent) =>
          progress.show(`Export: ${count(done)} of ${count(records)} records, ${spellBytes(bytesSent)} sent`),
      }).finally(() => progress.end());
      // Whoever schedules this has to hear of an export that lacks something.
      if (exported.leftOut.length > 0) process.exitCode = 1;
      const seconds = (performance.now() - startedMs) / 1000;
      process.stdout.write(options.json ? json(target, exported, seconds) : describe(target, exported, seconds));
    });
  });
}

function json(target: BackupTarget, exported: Exported, seconds: number): string {
  const { records, recordsSent, recordsKept, objectsSent, bytesSent, reference, chain, missing, leftOut } = exported;
  const figures = {
    target: target.name,
    chain,
    records,
    records_sent: recordsSent,
    records_kept: recordsKept,
    objects_sent: objectsSent,
    bytes_sent: bytesSent,
    reference_files: reference.files,
    reference_files_sent: reference.filesSent,
    seconds: Number(seconds.toFixed(3)),
    missing,
    left_out: leftOut,
  };
  return `${JSON.stringify(figures, null, 2)}\n`;
}

function describe(target: BackupTarget, exported: Exported, seconds: number): string {
  const { records, recordsSent, recordsKept, objectsSent, bytesSent, reference, missing, leftOut } = exported;
  const lines = [
    `${count(records)} records are in ${target.name}, and ${count(reference.files)} files of changes of stores and customers.`,
    `Sent ${count(recordsSent)} records in ${count(objectsSent)} objects, ${spellBytes(bytesSent)}, in ${seconds.toFixed(1)} s; ${count(recordsKept)} were there.`,
    ...(missing.length > 0 ? [`Not among them:\n${describeMissing(missing)}`] : []),
    ...leftOut.map(({ path, why }) =>
      why === 'open'
        ? `Not among them: ${path} is not sealed. A running server seals it within a second; after a crash the next start does.`
        : `Not among them: ${path} is damaged. "slicehouse verify" says more.`,
    ),
  ];
  return `${lines.join('\n')}\n`;
}

function count(value: number): string {
  return value.toLocaleString('en-US');
}
