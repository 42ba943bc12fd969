import { removeLeftovers } from './leftovers.ts';
import { type Manifest, type Removed, readManifests, readRemoved, writeRemoved } from './manifest.ts';

const dayMs = 86_400_000;

/**
 * Removes the batches all of whose business dates are more than so many days ago. They are remembered first.
 *
 * @returns those removed
 */
export async function expireBatches(folder: string, archiveDays: number, nowMs: number): Promise<Removed[]> {
  if (archiveDays === 0) return [];
  const oldest = new Date(nowMs - archiveDays * dayMs).toISOString().slice(0, 10);
  const manifests = await readManifests(folder);
  const expired = manifests
    .filter((manifest) => datesOf(manifest).every((date) => date < oldest))
    .map(({ first, last, records }): Removed => ({ first, last, records, reason: 'archiveDays' }));
  if (expired.length === 0) return [];
  const removed = [...((await readRemoved(folder)) ?? []), ...expired];
  await writeRemoved(folder, removed);
  await removeLeftovers(folder, manifests, removed);
  return expired;
}

/** The business dates of a batch, YYYY-MM-DD. */
export function datesOf({ files }: Manifest): string[] {
  return files.map(({ path }) => /business_date=(\d{4}-\d{2}-\d{2})\//.exec(path)?.[1] ?? '');
}
