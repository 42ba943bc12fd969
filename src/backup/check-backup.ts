import { eachAtOnce } from './at-once.ts';
import { sameDigest } from './digest.ts';
import { digestObject } from './fetch-object.ts';
import { type BackupManifest, fileFolder } from './manifest.ts';
import type { BackupTarget } from './target.ts';

const objectsAtOnce = 4;

export interface CheckOptions {
  /** Read every byte, not only the sizes. */
  readonly deep: boolean;
  readonly onProgress?: (filesDone: number, files: number) => void;
}

/**
 * Looks whether everything that a backup names is in the target, with the right size or, deep, the right bytes.
 *
 * @returns a sentence for each object that is missing or damaged; none when the backup is whole
 */
export async function checkBackup(
  target: BackupTarget,
  manifest: BackupManifest,
  { deep, onProgress }: CheckOptions,
): Promise<string[]> {
  const there = new Map((await target.list(fileFolder)).map(({ key, bytes }) => [key, bytes]));
  const problems: string[] = [];
  let filesDone = 0;
  await eachAtOnce(manifest.files, objectsAtOnce, async (file) => {
    const bytes = there.get(file.key);
    if (bytes === undefined) problems.push(`${file.key} is missing.`);
    else if (bytes !== file.bytes) problems.push(`${file.key} has ${bytes} bytes instead of ${file.bytes}.`);
    else if (deep && !sameDigest(await digestObject(target, file.key), file))
      problems.push(`${file.key} is damaged: its SHA-256 is another.`);
    filesDone += 1;
    onProgress?.(filesDone, manifest.files.length);
  });
  return problems.sort();
}
