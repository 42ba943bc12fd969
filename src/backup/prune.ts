import { fileFolder, listBackups, manifestKey, readManifest } from './manifest.ts';
import type { BackupTarget } from './target.ts';

export interface Pruned {
  readonly backups: number;
  readonly files: number;
  readonly bytes: number;
}

/**
 * Keeps the newest backups and removes the others, with the files that no kept one names. No backup may run into the
 * same target meanwhile: what it has sent and not yet named would go.
 *
 * @param keep how many, at least 1
 * @throws ManifestError when a manifest that is to be kept cannot be read; nothing is removed then
 */
export async function prune(target: BackupTarget, keep: number): Promise<Pruned> {
  const backups = await listBackups(target);
  const named = new Set<string>();
  for (const kept of backups.slice(0, keep)) {
    for (const { key } of (await readManifest(target, kept)).files) named.add(key);
  }
  const old = backups.slice(keep);
  const unnamed = (await target.list(fileFolder)).filter(({ key }) => !named.has(key));
  // First the manifests: no moment shows a backup without its files.
  await target.remove(old.map(manifestKey));
  await target.remove(unnamed.map(({ key }) => key));
  return { backups: old.length, files: unnamed.length, bytes: unnamed.reduce((sum, { bytes }) => sum + bytes, 0) };
}
