import { resolve } from 'node:path';
import type { Command } from 'commander';
import { chooseBackup } from '../../backup/manifest.ts';
import { restoreFiles } from '../../backup/restore.ts';
import { readConfig } from '../../runtime/config.ts';
import { backupTime, spellBytes, type TargetCommandOptions, withOpenTarget, withTarget } from '../backup-target.ts';
import { configOf, withSettings } from '../command-context.ts';
import { progressLine } from '../progress-line.ts';
import { describeMissing } from '../rebuild/plan-rebuild.ts';
import { rebuildMegabytes, rebuildWarehouse } from '../rebuild/rebuild-warehouse.ts';

interface RestoreCommandOptions extends TargetCommandOptions {
  readonly at?: number;
  readonly json?: boolean;
}

/**
 * `slicehouse restore DIR|s3://bucket/prefix`: the files of a backup into an empty data folder, then the warehouse
 * anew from them.
 *
 * @param rebuild makes the warehouse of a data folder from its files
 */
export function restoreCommand(program: Command, rebuild = rebuildFolder): void {
  const command = program
    .command('restore <target>')
    .description('Bring a backup into an empty data folder, every checksum checked, and make the warehouse anew')
    .option('--at <time>', 'The backup of that name, or the newest by that time; default the newest', backupTime)
    .option('--json', 'Print JSON');
  withSettings(withTarget(command), ['dataDir']).action(
    async (written: string, options: RestoreCommandOptions, self: Command) => {
      const folder = resolve(configOf(self).dataDir);
      const restored = await restore(written, folder, options);
      if (!options.json) process.stdout.write(restored.said);
      await rebuild(folder).catch((error: unknown) => {
        const why = error instanceof Error ? error.message : String(error);
        throw new Error(
          `The files are restored, but no warehouse could be made from them: ${why}\nTry again with: slicehouse rebuild --data-dir ${folder}`,
          { cause: error },
        );
      });
      if (options.json) process.stdout.write(`${JSON.stringify(restored.figures, null, 2)}\n`);
    },
  );
}

async function restore(
  written: string,
  folder: string,
  options: RestoreCommandOptions,
): Promise<{ said: string; figures: unknown }> {
  const startedMs = performance.now();
  const progress = progressLine();
  return withOpenTarget(written, options, async (target) => {
    const backup = await chooseBackup(target, options.at);
    const { files, records } = await restoreFiles({
      target,
      backup,
      folder,
      onProgress: (now) =>
        progress.show(
          `Restore: ${now.filesDone} of ${now.files} files, ${spellBytes(now.bytesDone)} of ${spellBytes(now.bytes)}`,
        ),
    }).finally(() => progress.end());
    const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
    const seconds = (performance.now() - startedMs) / 1000;
    const figures = {
      backup: backup.name,
      data_dir: folder,
      files: files.length,
      bytes,
      records,
      seconds: Number(seconds.toFixed(3)),
    };
    const said = `Backup ${backup.name}: ${files.length.toLocaleString('en-US')} files, ${spellBytes(bytes)}, are in ${folder} after ${seconds.toFixed(1)} s, every checksum right.\n`;
    return { said, figures };
  });
}

/** What a backup could not hold was said by the backup; the rest counts. */
async function rebuildFolder(dataDir: string): Promise<void> {
  const progress = progressLine();
  const onProgress = ({ records }: { records: number }): void =>
    progress.show(`Rebuild: ${records.toLocaleString('en-US')} records`);
  const config = readConfig({
    flags: { memoryMegabytes: process.env['SLICEHOUSE_MEMORY_MEGABYTES'] ?? rebuildMegabytes, dataDir },
    environment: process.env,
    file: process.env['SLICEHOUSE_CONFIG'],
  });
  const { missing } = await rebuildWarehouse(config, { partial: true, onProgress }).finally(() => progress.end());
  if (missing.length > 0) process.stderr.write(`The warehouse lacks:\n${describeMissing(missing)}\n`);
}
