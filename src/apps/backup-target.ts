import { type Command, InvalidArgumentError, Option } from 'commander';
import { parseBackupTime } from '../backup/manifest.ts';
import type { BackupTarget } from '../backup/target.ts';
import { TargetError, targetOf } from '../backup/target-of.ts';
import { UsageError } from './serve.ts';

/** Options that say more about the target of a backup. */
export interface TargetCommandOptions {
  readonly s3PathStyle?: boolean;
}

/** Adds what commands need to find a target. */
export function withTarget(command: Command): Command {
  return command.addOption(
    new Option('--s3-path-style', 'Bucket in the path of the address, as some S3-compatible servers want it').env(
      'SLICEHOUSE_S3_PATH_STYLE',
    ),
  );
}

/** Does something with the target that is written in a command, and lets go of it. */
export async function withOpenTarget<T>(
  written: string,
  { s3PathStyle = false }: TargetCommandOptions,
  act: (target: BackupTarget) => Promise<T>,
): Promise<T> {
  // The SDK's note about coming Node versions is for those who choose the SDK's version, and that is this project.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
  const target = await open(written, s3PathStyle);
  try {
    return await act(target);
  } finally {
    await target.close();
  }
}

async function open(written: string, s3PathStyle: boolean): Promise<BackupTarget> {
  try {
    return await targetOf(written, { s3PathStyle });
  } catch (error) {
    if (error instanceof TargetError) throw new UsageError(error.message, { cause: error });
    throw error;
  }
}

/** A reader for options that name a backup by its time. Gives milliseconds since 1970. */
export function backupTime(written: string): number {
  const atMs = parseBackupTime(written);
  if (atMs !== undefined) return atMs;
  throw new InvalidArgumentError(
    'It takes the name of a backup (20260208T183107.123Z) or a time (2026-02-08T18:31:07-06:00).',
  );
}

/** Bytes as people read them: "12.3 MB". */
export function spellBytes(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  let [value, unit] = [bytes, 0];
  while (value >= 1000 && unit < units.length - 1) [value, unit] = [value / 1000, unit + 1];
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`;
}
