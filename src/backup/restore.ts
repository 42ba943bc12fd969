import { readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { eachAtOnce } from './at-once.ts';
import { sameDigest } from './digest.ts';
import { makeFolder, syncFolder, writeDurably } from './durable-file.ts';
import { fetchFile } from './fetch-object.ts';
import { type BackupFile, type BackupManifest, type BackupName, readManifest } from './manifest.ts';
import { markerPath, refuseUnfinished } from './restore-marker.ts';
import type { BackupTarget } from './target.ts';

const filesAtOnce = 4;

export interface RestoreOptions {
  readonly target: BackupTarget;
  readonly backup: BackupName;
  /** An empty folder, or none yet. */
  readonly folder: string;
  readonly onProgress?: (progress: RestoreProgress) => void;
}

export interface RestoreProgress {
  readonly filesDone: number;
  readonly files: number;
  readonly bytesDone: number;
  readonly bytes: number;
}

/**
 * Brings the files of a backup into an empty folder, every SHA-256 checked. A marker lies in the folder until the
 * last one is on disk: what a restore left half done is refused by `refuseUnfinished`. The warehouse is made anew
 * from these files by the caller.
 *
 * @throws Error when the folder is not empty, or naming the object that is missing or damaged
 */
export async function restoreFiles(options: RestoreOptions): Promise<BackupManifest> {
  const { target, backup, folder } = options;
  await refuseUsed(folder);
  const manifest = await readManifest(target, backup);
  await makeFolder(folder);
  await writeDurably(markerPath(folder), [Buffer.from(`${target.name} ${backup.name}\n`)]);
  await syncFolder(folder);
  await fetchFiles(options, manifest.files);
  await rm(markerPath(folder));
  await syncFolder(folder);
  return manifest;
}

async function refuseUsed(folder: string): Promise<void> {
  refuseUnfinished(folder);
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  if (names.length > 0)
    throw new Error(`The folder ${folder} is not empty. Restore into a new one: nothing is written over.`);
}

async function fetchFiles({ target, folder, onProgress }: RestoreOptions, files: readonly BackupFile[]): Promise<void> {
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  const folders = new Set(['segments', ...files.map((file) => dirname(file.path))].map((path) => join(folder, path)));
  for (const made of folders) await makeFolder(made);
  let [filesDone, bytesDone] = [0, 0];
  await eachAtOnce(files, filesAtOnce, async (file) => {
    const written = await fetchFile(target, file.key, join(folder, file.path));
    if (!sameDigest(written, file))
      throw new Error(
        `${target.name}: ${file.key} is damaged: its SHA-256 is another. Restore an older backup with --at, or put a whole copy in its place.`,
      );
    filesDone += 1;
    bytesDone += file.bytes;
    onProgress?.({ filesDone, files: files.length, bytesDone, bytes });
  });
  for (const made of folders) await syncFolder(made);
}
