import { existsSync } from 'node:fs';
import { resolve, sep } from 'node:path';
import { type Command, Option } from 'commander';
import { type BackupResult, backUp } from '../../backup/backup.ts';
import { checkBackup } from '../../backup/check-backup.ts';
import {
  type BackupManifest,
  type BackupName,
  chooseBackup,
  listBackups,
  ManifestError,
  readManifest,
} from '../../backup/manifest.ts';
import { type Pruned, prune } from '../../backup/prune.ts';
import type { BackupTarget } from '../../backup/target.ts';
import type { Config } from '../../runtime/config.ts';
import { withBackupLock } from '../backup-lock.ts';
import { backupTime, spellBytes, type TargetCommandOptions, withOpenTarget, withTarget } from '../backup-target.ts';
import { configOf, withSettings } from '../command-context.ts';
import { announcedServer, dataFolder } from '../data-folder.ts';
import { progressLine } from '../progress-line.ts';
import { UsageError } from '../serve.ts';
import { wholeNumber } from '../whole-number.ts';

interface BackupCommandOptions extends TargetCommandOptions {
  readonly prune?: number;
  readonly list?: boolean;
  readonly check?: boolean;
  readonly deep?: boolean;
  readonly at?: number;
  readonly json?: boolean;
}

/** A server seals within its `sealAfterMs`, and later only when its disk is slow or full. */
const sealWithinMs = 10_000;

/** `slicehouse backup DIR|s3://bucket/prefix`: makes a backup, or lists or checks those there are. */
export function backupCommand(program: Command): void {
  const command = program
    .command('backup <target>')
    .description('Back the data folder up, live, into a folder or s3://bucket/prefix; sends what is new')
    .addOption(
      new Option('--prune <n>', 'Afterwards keep the newest n backups and remove the others')
        .argParser(wholeNumber(1, 1_000_000))
        .conflicts(['list', 'check']),
    )
    .option('--list', 'List the backups there, and make none')
    .addOption(
      new Option('--check', 'Look whether all files of the newest backup are there, and make none').conflicts('list'),
    )
    .addOption(new Option('--deep', 'With --check: read every byte').implies({ check: true }))
    .addOption(
      new Option('--at <time>', 'With --check: the backup of that name, or the newest by then').argParser(backupTime),
    )
    .option('--json', 'Print JSON');
  withSettings(withTarget(command), ['dataDir']).action(
    async (written: string, options: BackupCommandOptions, self: Command) => {
      if (options.at !== undefined && !options.check) throw new UsageError('--at goes with --check.');
      const config = configOf(self);
      await withOpenTarget(written, options, async (target) => {
        if (options.list) return list(target, options);
        if (options.check) return check(target, options);
        return make(target, written, config, options);
      });
    },
  );
}

async function make(
  target: BackupTarget,
  written: string,
  { dataDir, sealAfterMs }: Config,
  options: BackupCommandOptions,
): Promise<void> {
  const folder = resolve(dataDir);
  if (!existsSync(folder)) throw new UsageError(`There is no data folder ${folder}. Name it with --data-dir.`);
  if (!written.startsWith('s3://') && `${resolve(written)}${sep}`.startsWith(`${folder}${sep}`))
    throw new UsageError('A backup inside the data folder goes with it. Name a folder on another disk, or s3://….');
  const isServed = announcedServer(dataFolder(folder)) !== undefined;
  const startedMs = performance.now();
  await withBackupLock(folder, async () => {
    const progress = progressLine();
    const result = await backUp({
      folder,
      target,
      nowMs: Date.now(),
      sealWithinMs: isServed ? Math.max(sealWithinMs, 2 * sealAfterMs) : 0,
      onProgress: ({ filesDone, files, bytesSent }) =>
        progress.show(`Backup: ${count(filesDone)} of ${count(files)} files, ${spellBytes(bytesSent)} sent`),
    }).finally(() => progress.end());
    const seconds = (performance.now() - startedMs) / 1000;
    // Whoever schedules this has to hear of a backup that lacks something.
    if (result.leftOut.length > 0) process.exitCode = 1;
    const pruned = options.prune === undefined ? undefined : await prune(target, options.prune);
    if (options.json) printJson(resultJson(target, result, seconds, pruned));
    else print(resultLines(target, result, seconds, pruned));
  });
}

function resultJson(target: BackupTarget, result: BackupResult, seconds: number, pruned: Pruned | undefined): unknown {
  return {
    target: target.name,
    backup: result.name,
    taken_at: new Date(result.takenAtMs).toISOString(),
    files_sent: result.filesSent,
    files_kept: result.filesKept,
    bytes_sent: result.bytesSent,
    bytes: result.bytes,
    seconds: Number(seconds.toFixed(3)),
    records: result.records,
    records_in_warehouse_only: result.warehouseOnly,
    left_out: result.leftOut,
    ...(pruned ? { pruned } : {}),
  };
}

function resultLines(
  target: BackupTarget,
  result: BackupResult,
  seconds: number,
  pruned: Pruned | undefined,
): string[] {
  const { name, filesSent, filesKept, bytesSent, bytes, records, warehouseOnly, leftOut } = result;
  return [
    `Backup ${name} is in ${target.name}: ${count(filesSent + filesKept)} files, ${spellBytes(bytes)}.`,
    `Sent ${count(filesSent)} files, ${spellBytes(bytesSent)}, in ${seconds.toFixed(1)} s; ${count(filesKept)} were there.`,
    recordsLine(records),
    ...(warehouseOnly > 0
      ? [`Not in it: ${count(warehouseOnly)} older records, which are in the warehouse alone (docs/backup.md).`]
      : []),
    ...leftOut.map(({ path, why }) =>
      why === 'open'
        ? `Not in it: ${path} is not sealed. A running server seals it within a second; after a crash the next start does.`
        : `Not in it: ${path} is damaged. "slicehouse verify" says more.`,
    ),
    ...(pruned
      ? [
          `Old backups removed: ${count(pruned.backups)}, with ${count(pruned.files)} files, ${spellBytes(pruned.bytes)}.`,
        ]
      : []),
  ];
}

interface Listed extends BackupName {
  /** Undefined when it is damaged. */
  readonly manifest: BackupManifest | undefined;
}

async function list(target: BackupTarget, options: BackupCommandOptions): Promise<void> {
  const backups: Listed[] = [];
  for (const backup of await listBackups(target))
    backups.push({ ...backup, manifest: await readIfWhole(target, backup) });
  if (options.json) return printJson(backups.map(listedJson));
  print(backups.length === 0 ? [`There is no backup in ${target.name}.`] : backups.map(listedLine));
}

async function readIfWhole(target: BackupTarget, backup: BackupName): Promise<BackupManifest | undefined> {
  try {
    return await readManifest(target, backup);
  } catch (error) {
    if (!(error instanceof ManifestError)) throw error;
    process.exitCode = 1;
    return undefined;
  }
}

function listedJson({ name, takenAtMs, manifest }: Listed): unknown {
  return {
    backup: name,
    taken_at: new Date(takenAtMs).toISOString(),
    ok: manifest !== undefined,
    ...(manifest ? { files: manifest.files.length, bytes: bytesOf(manifest), records: manifest.records } : {}),
  };
}

function listedLine({ name, manifest }: Listed): string {
  if (!manifest) return `${name}  its list of files is damaged or from a newer version`;
  return `${name}  ${count(manifest.files.length)} files, ${spellBytes(bytesOf(manifest))}  ${recordsLine(manifest.records)}`;
}

async function check(target: BackupTarget, { at, deep = false, json }: BackupCommandOptions): Promise<void> {
  const backup = await chooseBackup(target, at);
  const manifest = await readManifest(target, backup);
  const progress = progressLine();
  const problems = await checkBackup(target, manifest, {
    deep,
    onProgress: (done, files) => progress.show(`Check: ${count(done)} of ${count(files)} files`),
  }).finally(() => progress.end());
  if (problems.length > 0) process.exitCode = 1;
  const [files, bytes] = [manifest.files.length, bytesOf(manifest)];
  if (json) return printJson({ ok: problems.length === 0, backup: backup.name, deep, files, bytes, problems });
  const whole = `Backup ${backup.name} is whole: ${count(files)} files, ${spellBytes(bytes)}${deep ? ', every byte read' : ''}.`;
  const cure =
    'Remove what is damaged and run the backup again: it sends what is missing and still in the data folder.';
  print(problems.length === 0 ? [whole] : [`Backup ${backup.name} is not whole:`, ...problems, cure]);
}

function recordsLine({ archive, segments, reference }: BackupManifest['records']): string {
  return `${count(archive)} records archived, ${count(segments)} in segment files, ${count(reference)} changes of reference data.`;
}

function bytesOf(manifest: BackupManifest): number {
  return manifest.files.reduce((sum, file) => sum + file.bytes, 0);
}

function print(lines: readonly string[]): void {
  process.stdout.write(`${lines.join('\n')}\n`);
}

function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}

function count(value: number): string {
  return value.toLocaleString('en-US');
}
