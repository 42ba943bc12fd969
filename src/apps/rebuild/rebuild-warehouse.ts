import { existsSync, renameSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { sync } from '../../archive/durable-files.ts';
import type { Removed } from '../../archive/manifest.ts';
import { beginReference } from '../../archive/reference-log.ts';
import type { Config } from '../../runtime/config.ts';
import { DuckdbWarehouse } from '../../warehouse/duckdb/duckdb-warehouse.ts';
import { type OldLedger, readLedger } from '../../warehouse/duckdb/read-ledger.ts';
import { archiveFolder, type DataFolder, dataFolder, describeOwner } from '../data-folder.ts';
import { beforeRebuild, withLog } from '../lost-warehouse.ts';
import { fillWarehouse, type RebuildProgress } from './fill-warehouse.ts';
import { describeMissing, planRebuild, type RebuildPlan } from './plan-rebuild.ts';

export interface RebuildOptions {
  /** Go on although records that were loaded once are gone. */
  readonly partial?: boolean;
  readonly onProgress?: (progress: RebuildProgress) => void;
}

/** What was made. */
export interface Rebuilt {
  readonly records: number;
  readonly archiveBatches: number;
  readonly referenceFiles: number;
  readonly seconds: number;
  readonly missing: readonly Removed[];
}

/** Memory for the warehouse that a rebuild takes unless the settings say otherwise: more makes it no faster. */
export const rebuildMegabytes = 1_536;

/**
 * Makes the warehouse of a data folder anew from its archive and its segment files, beside the present one, and then
 * puts it in its place. The present one stays as `warehouse.duckdb.before-rebuild` until the new one has been opened.
 * Whatever fails before that leaves everything as it was.
 *
 * @throws Error when a server runs on the folder, or when records are missing and `partial` is not set
 */
export async function rebuildWarehouse(config: Config, options: RebuildOptions = {}): Promise<Rebuilt> {
  const folder = dataFolder(resolve(config.dataDir));
  if (!existsSync(folder.path)) throw new Error(`There is no data folder ${folder.path}.`);
  const owner = describeOwner(folder);
  if (owner) throw new Error(`The data folder ${folder.path} is in use by ${owner}. Stop it first.`);
  const startedMs = performance.now();
  const old = existsSync(folder.warehouse) ? await readLedger(folder.warehouse) : undefined;
  try {
    if (old) await beginReference(archiveFolder(folder), (table) => old.reference(table));
    const plan = await planRebuild(folder, old);
    refuseMissing(plan, options.partial === true);
    const records = await build(folder, config, plan, old, options);
    old?.close();
    await swap(folder);
    const seconds = Math.round(performance.now() - startedMs) / 1000;
    const { manifests, reference, missing } = plan;
    return { records, archiveBatches: manifests.length, referenceFiles: reference.length, seconds, missing };
  } finally {
    old?.close();
  }
}

function refuseMissing({ missing }: RebuildPlan, isPartial: boolean): void {
  if (missing.length === 0 || isPartial) return;
  throw new Error(
    `The warehouse cannot be made anew as it was. These orders are no longer in the folder:\n${describeMissing(missing)}\nA warehouse without them is made with --partial.`,
  );
}

async function build(
  folder: DataFolder,
  config: Config,
  plan: RebuildPlan,
  old: OldLedger | undefined,
  { onProgress = () => undefined }: RebuildOptions,
): Promise<number> {
  const path = rebuildPath(folder);
  for (const stale of withLog(path)) rmSync(stale, { force: true });
  const memoryLimitMb = Math.min(config.memoryMegabytes, rebuildMegabytes);
  const warehouse = await DuckdbWarehouse.open({ path, folder: folder.path, memoryLimitMb });
  try {
    const records = await fillWarehouse(plan, { folder, warehouse, onProgress });
    await outrun(warehouse, old);
    await warehouse.close();
    return records;
  } catch (error) {
    await warehouse.close().catch(() => undefined);
    for (const failed of withLog(path)) rmSync(failed, { force: true });
    throw error;
  }
}

/** Equal data versions mean equal rows, so the new warehouse goes on above the old one's. */
async function outrun(warehouse: DuckdbWarehouse, old: OldLedger | undefined): Promise<void> {
  const ahead = (old?.dataVersion ?? 0) + 1 - warehouse.status().dataVersion;
  if (ahead <= 0) return;
  const sql = 'UPDATE reference_version SET version = version + $ahead';
  await warehouse.write([{ sql, parameters: { ahead } }]);
}

const rebuildPath = (folder: DataFolder): string => join(dirname(folder.warehouse), 'warehouse.rebuild.duckdb');

/**
 * The database goes before its log: one without its log would open and lack its last loads. A crash in between leaves
 * no warehouse, which no start takes for an empty one.
 */
async function swap(folder: DataFolder): Promise<void> {
  const [database, log] = withLog(folder.warehouse);
  const [oldDatabase, oldLog] = withLog(beforeRebuild(folder));
  if (existsSync(database)) {
    rmSync(oldLog, { force: true });
    renameSync(database, oldDatabase);
  }
  if (existsSync(log)) renameSync(log, oldLog);
  await sync(folder.path);
  renameSync(rebuildPath(folder), database);
  await sync(folder.path);
}
