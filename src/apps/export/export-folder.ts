import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Removed } from '../../archive/manifest.ts';
import type { LeftOut } from '../../backup/collect-files.ts';
import { listSegments } from '../../backup/data-files.ts';
import { ChangedFileError } from '../../backup/local-file.ts';
import { refuseUnfinished } from '../../backup/restore-marker.ts';
import { isSettled } from '../../backup/sealed-segment.ts';
import type { BackupTarget } from '../../backup/target.ts';
import { archiveFolder, dataFolder } from '../data-folder.ts';
import { describeMissing } from '../rebuild/plan-rebuild.ts';
import { planExport } from './plan-export.ts';
import { type SentRecords, sendRecords } from './send-records.ts';
import { type SentReference, sendReference } from './send-reference.ts';

export interface ExportOptions {
  /** The data folder; a server may run on it. */
  readonly folder: string;
  readonly target: BackupTarget;
  /** Go on although records that were loaded once are gone. */
  readonly partial: boolean;
  /** How long to wait for a server to seal what it has acknowledged; 0 when none runs. */
  readonly sealWithinMs: number;
  /** Told of the records that are in the bucket, of how many there are, and of the bytes sent. */
  readonly onProgress?: (done: number, records: number, bytesSent: number) => void;
}

/** What an export came to. */
export interface Exported extends SentRecords {
  readonly records: number;
  readonly reference: SentReference;
  /** Name of the folders in the bucket that are this data folder's. */
  readonly chain: string;
  readonly missing: readonly Removed[];
  /** Segment files that are not in the bucket: not sealed though they were there at the start, or damaged. */
  readonly leftOut: readonly LeftOut[];
}

const attempts = 10;
const pauseMs = 200;
const sealLookMs = 20;

/**
 * Sends what the system in AWS counts from: every record of a data folder in the order of their acceptance, and every
 * change of stores and customers. What the bucket has already stays as it is. Everything acknowledged before it began
 * is sent, unless `leftOut` names the segment file.
 *
 * @throws Error when the folder is no data folder, lacks records and `partial` is not set, or the bucket fails
 */
export async function exportFolder(options: ExportOptions): Promise<Exported> {
  const { folder, sealWithinMs } = options;
  refuseUnfinished(folder);
  if (!existsSync(join(folder, 'segments')))
    throw new Error(`${folder} is no data folder: it has no folder "segments". Name it with --data-dir.`);
  const open = await openSegments(folder);
  await untilSettled(folder, open, sealWithinMs);
  for (let attempt = 1; ; attempt += 1) {
    try {
      const exported = await exportOnce(options);
      // A file that was opened since holds only what was acknowledged since.
      const leftOut = exported.leftOut.filter(({ path, why }) => why === 'damaged' || open.has(path));
      return { ...exported, leftOut };
    } catch (error) {
      if (!isChange(error)) throw error;
      if (attempt === attempts)
        throw new Error(`The data folder changed under the export: ${(error as Error).message} Run it again.`, {
          cause: error,
        });
    }
    await sleep(pauseMs);
  }
}

async function exportOnce({ folder, target, partial, onProgress }: ExportOptions): Promise<Exported> {
  const plan = await planExport(folder);
  const { records, chain, missing, leftOut } = plan;
  if (missing.length > 0 && !partial)
    throw new Error(
      `Not everything that is counted here can be exported. These orders are no longer in the folder:\n${describeMissing(missing)}\nThe others are exported with --partial.`,
    );
  // Stores and customers first: orders find their place as they are loaded.
  const reference = await sendReference(folder, chain, target);
  const sent = await sendRecords(plan, {
    target,
    archive: archiveFolder(dataFolder(folder)),
    onProgress: ({ recordsSent, recordsKept, bytesSent }) =>
      onProgress?.(recordsSent + recordsKept, records, bytesSent),
  });
  return { ...sent, records, reference, chain, missing, leftOut };
}

/** The segment files that hold something acknowledged and are not sealed. */
async function openSegments(folder: string): Promise<Set<string>> {
  const open = new Set<string>();
  for (const { path } of await listSegments(folder)) if (!(await isSettled(join(folder, path)))) open.add(path);
  return open;
}

async function untilSettled(folder: string, paths: ReadonlySet<string>, withinMs: number): Promise<void> {
  const endMs = performance.now() + withinMs;
  for (const path of paths) {
    while (!(await isSettled(join(folder, path))) && performance.now() < endMs) await sleep(sealLookMs);
  }
}

/** A file vanished: it was archived, folded or removed after its time. */
function isChange(error: unknown): boolean {
  return error instanceof ChangedFileError || (error as NodeJS.ErrnoException).code === 'ENOENT';
}
