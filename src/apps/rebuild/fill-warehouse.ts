import { join } from 'node:path';
import { sha256Of } from '../../archive/durable-files.ts';
import type { Manifest } from '../../archive/manifest.ts';
import { upsert } from '../../archive/reference-log.ts';
import { LocalStream } from '../../stream/local/local-stream.ts';
import type { Warehouse } from '../../warehouse/warehouse.ts';
import { archiveFolder, type DataFolder } from '../data-folder.ts';
import type { RebuildPlan } from './plan-rebuild.ts';

/** How far it has come. */
export interface RebuildProgress {
  readonly records: number;
  /** Of the archive; segment files come on top. */
  readonly archivedRecords: number;
}

export interface FillOptions {
  readonly folder: DataFolder;
  readonly warehouse: Warehouse;
  readonly onProgress: (progress: RebuildProgress) => void;
}

/** About so many records are loaded in one transaction: half as many take a fifth more time, twice as many too much memory. */
const loadRecordsMax = 400_000;
const loadBytesMax = 64 * 1024 * 1024;

/**
 * Fills an empty warehouse: reference data first, so that every order is resolved once, then the archive, then the
 * segment files that are left. Resolves with the records loaded.
 *
 * @throws Error that names a file of the archive which is not as it was written, or a segment that lacks records
 */
export async function fillWarehouse(plan: RebuildPlan, options: FillOptions): Promise<number> {
  const { folder, warehouse, onProgress } = options;
  for (const { table, path } of plan.reference) await upsert(warehouse, table, path);
  const archivedRecords = plan.manifests.reduce((sum, manifest) => sum + manifest.records, 0);
  let records = 0;
  const loaded = (count: number): void => {
    records += count;
    onProgress({ records, archivedRecords });
  };
  await loadArchive(plan.manifests, options, loaded);
  await loadSegmentFiles(folder, warehouse, loaded);
  await checkCounts(plan.manifests, warehouse);
  return records;
}

function* groupsOf(manifests: readonly Manifest[]): Generator<Manifest[]> {
  let group: Manifest[] = [];
  let records = 0;
  for (const manifest of manifests) {
    if (group.length > 0 && records + manifest.records > loadRecordsMax) {
      yield group;
      group = [];
      records = 0;
    }
    group.push(manifest);
    records += manifest.records;
  }
  if (group.length > 0) yield group;
}

/** Two groups at a time: one is read while the one before it is written. */
async function loadArchive(
  manifests: readonly Manifest[],
  { folder, warehouse }: FillOptions,
  onLoaded: (records: number) => void,
): Promise<void> {
  let before: Promise<void> = Promise.resolve();
  for (const group of groupsOf(manifests)) {
    const paths = await wholeFiles(group, archiveFolder(folder));
    const segments = group.flatMap((manifest) => manifest.segments);
    const loading = warehouse
      .loadArchived({ segments, paths })
      .then(() => onLoaded(group.reduce((sum, manifest) => sum + manifest.records, 0)));
    // Waited for in the next round; until then a failure is nobody's.
    loading.catch(() => undefined);
    await before;
    before = loading;
  }
  await before;
}

/** The files of these batches, every byte checked. */
async function wholeFiles(group: readonly Manifest[], archive: string): Promise<string[]> {
  const paths: string[] = [];
  for (const { path, sha256 } of group.flatMap((manifest) => manifest.files)) {
    const file = join(archive, path);
    if ((await sha256Of(file)) !== sha256)
      throw new Error(`The archive's file ${file} is not as it was written. Bring it back from a backup.`);
    paths.push(file);
  }
  return paths;
}

/** What a crash left open is sealed on the way; segment files that the archive holds too are passed over. */
async function loadSegmentFiles(
  folder: DataFolder,
  warehouse: Warehouse,
  onLoaded: (records: number) => void,
): Promise<void> {
  const stream = await LocalStream.open({
    folder: folder.segments,
    lastSequence: 0,
    loaded: (sequences) => warehouse.loaded(sequences),
    sealAfterMs: 1_000,
    sealBytes: loadBytesMax,
    bufferBytesMax: 0,
  });
  await stream.close();
  for (;;) {
    const segments = await stream.next(loadBytesMax);
    if (segments.length === 0) return;
    await warehouse.load(segments);
    await stream.release(segments);
    onLoaded(segments.reduce((sum, segment) => sum + segment.records, 0));
  }
}

async function checkCounts(manifests: readonly Manifest[], warehouse: Warehouse): Promise<void> {
  const rows = await warehouse.query(`
    SELECT segment, records, loaded + duplicates + superseded + quarantined + dropped AS counted FROM load_ledger`);
  const ledger = new Map(rows.map((row) => [Number(row['segment']), row]));
  for (const { sequence, records } of manifests.flatMap((manifest) => manifest.segments)) {
    const found = ledger.get(sequence);
    if (records > 0 && (found?.['records'] !== records || found['counted'] !== records))
      throw new Error(
        `Of segment file ${sequence} the archive has ${records} records; ${String(found?.['counted'] ?? 0)} were loaded.`,
      );
  }
}
