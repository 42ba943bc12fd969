import { readdir, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { archivePaths, type Manifest, manifestPath, noneIfMissing, type Removed } from './manifest.ts';

/**
 * Removes what no manifest names: files of a batch that was not finished, and batches that are remembered as removed.
 *
 * @returns the batches that are there
 */
export async function removeLeftovers(
  folder: string,
  manifests: readonly Manifest[],
  removed: readonly Removed[],
): Promise<Manifest[]> {
  const { tmp, orders } = archivePaths(folder);
  for (const name of await readdir(tmp).catch(noneIfMissing)) await rm(join(tmp, name), { recursive: true });
  const gone = manifests.filter((manifest) => removed.some((one) => isOf(one, manifest)));
  for (const manifest of gone) await rm(manifestPath(folder, manifest), { force: true });
  const there = manifests.filter((manifest) => !gone.includes(manifest));
  const named = new Set(there.flatMap((manifest) => manifest.files.map((file) => file.path)));
  for (const date of await readdir(orders).catch(noneIfMissing)) {
    const names = await readdir(join(orders, date));
    const unnamed = names.filter((name) => !named.has(`orders/${date}/${name}`));
    for (const name of unnamed) await rm(join(orders, date, name), { force: true });
    if (unnamed.length === names.length) await rmdir(join(orders, date));
  }
  return there;
}

function isOf({ first, last, reason }: Removed, manifest: Manifest): boolean {
  return reason === 'archiveDays' && first === manifest.first && last === manifest.last;
}
