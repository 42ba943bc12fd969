import { existsSync, readdirSync, rmSync } from 'node:fs';
import { archivePaths } from '../archive/manifest.ts';
import { archiveFolder, type DataFolder } from './data-folder.ts';

/**
 * Refuses a data folder whose warehouse file is gone while there are files of orders or reference data: an empty
 * warehouse in its place would look like one, and lack them.
 *
 * @throws Error that names the ways back
 */
export function refuseLostWarehouse(folder: DataFolder): void {
  if (existsSync(folder.warehouse)) return;
  const { manifests, reference } = archivePaths(archiveFolder(folder));
  const found = [
    ...(has(manifests, /^\d{12}-\d{12}\.json$/) ? ['archived orders'] : []),
    ...(has(folder.segments, /^\d{12}\.ndjson$/) ? ['segment files'] : []),
    ...(has(reference, /^\d+-(stores|customers)\.ndjson/) ? ['reference data'] : []),
  ];
  if (found.length === 0) return;
  throw new Error(
    `The warehouse ${folder.warehouse} is missing, and there are ${found.join(', ')} beside it.\n${waysBack(folder)}`,
  );
}

/** Says how to come by a warehouse again. */
export function waysBack(folder: DataFolder): string {
  return `Make it anew from what is in the folder: slicehouse rebuild --data-dir ${folder.path}\nOr bring a backup into an empty folder: slicehouse restore <backup> --data-dir <folder>`;
}

/** The database file beside which DuckDB keeps its log, and that log. */
export function withLog(path: string): [string, string] {
  return [path, `${path}.wal`];
}

/** Where a rebuild puts the warehouse that was there before. */
export function beforeRebuild(folder: DataFolder): string {
  return `${folder.warehouse}.before-rebuild`;
}

/** Removes the warehouse from before a rebuild, once the new one has been opened. */
export function forgetBeforeRebuild(folder: DataFolder): void {
  for (const path of withLog(beforeRebuild(folder))) rmSync(path, { force: true });
}

function has(folder: string, pattern: RegExp): boolean {
  return existsSync(folder) && readdirSync(folder).some((name) => pattern.test(name));
}
