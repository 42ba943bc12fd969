import { join } from 'node:path';
import type { BooksAudit, ReportDiscrepancy } from '../warehouse/audit.ts';
import { type BatchManifest, fileFault, listManifests, readManifest } from './archive-batches.ts';

/** What reading the archive gave so far. */
export interface ArchiveRead {
  batches: number;
  records: number;
  bytes: number;
  /** Those whose files are whole, with their absolute paths. */
  readonly whole: { readonly first: number; readonly last: number; readonly paths: readonly string[] }[];
  /** Segment files whose records lie in damaged batches. */
  readonly damaged: Set<number>;
  readonly seen: Set<string>;
}

export interface ReadArchiveOptions {
  readonly folder: string;
  readonly audit: BooksAudit;
  readonly report: ReportDiscrepancy;
  readonly onStep: (done: number, total: number) => void;
}

export function emptyArchiveRead(): ArchiveRead {
  return { batches: 0, records: 0, bytes: 0, whole: [], damaged: new Set(), seen: new Set() };
}

/**
 * Reads every batch that was not seen yet: each byte of its files, and their records.
 *
 * @returns how many there were
 */
export async function readArchive(read: ArchiveRead, options: ReadArchiveOptions): Promise<number> {
  const names = (await listManifests(options.folder)).filter((name) => !read.seen.has(name));
  for (const [at, name] of names.entries()) {
    read.seen.add(name);
    await readBatch(name, read, options);
    options.onStep(at + 1, names.length);
  }
  return names.length;
}

async function readBatch(name: string, read: ArchiveRead, options: ReadArchiveOptions): Promise<void> {
  const { folder, audit, report } = options;
  const manifest = await readManifest(folder, name);
  // The retention of the archive removes the manifest first.
  if (manifest === undefined) return;
  read.batches += 1;
  const where = `archive/manifests/${name}`;
  if (typeof manifest === 'string') {
    report({ code: 'archive_damaged', where, detail: manifest });
    markDamaged(read, rangeOf(name));
    return;
  }
  const faults: (string | undefined)[] = [];
  for (const file of manifest.files) faults.push(await fileFault(folder, file));
  if (faults.some((fault) => fault !== undefined) && (await readManifest(folder, name)) === undefined) return;
  read.bytes += manifest.files.reduce((sum, file) => sum + file.bytes, 0);
  read.records += manifest.records;
  for (const [at, detail] of faults.entries())
    if (detail) report({ code: 'archive_damaged', where: `archive/${manifest.files[at]?.path}`, detail });
  if (faults.some((fault) => fault !== undefined)) return markDamaged(read, manifest);
  const paths = manifest.files.map((file) => join(folder, file.path));
  const found = await audit.addArchived(paths);
  read.whole.push({ first: manifest.first, last: manifest.last, paths });
  const detail = countFault(manifest, found);
  if (detail) report({ code: 'archive_damaged', where, detail });
}

function countFault(
  { segments, files, records }: BatchManifest,
  found: ReadonlyMap<number, number>,
): string | undefined {
  for (const { sequence, records: said } of segments) {
    if (found.get(sequence) !== said)
      return `It says ${said} records of segment file ${sequence}; its files have ${found.get(sequence) ?? 0}.`;
  }
  if (found.size !== segments.length) return `It names ${segments.length} segment files; its files have ${found.size}.`;
  const inFiles = files.reduce((sum, file) => sum + file.records, 0);
  return inFiles === records ? undefined : `It says ${records} records, and ${inFiles} file by file.`;
}

function rangeOf(name: string): { first: number; last: number } {
  return { first: Number(name.slice(0, 12)), last: Number(name.slice(13, 25)) };
}

function markDamaged(read: ArchiveRead, { first, last }: { readonly first: number; readonly last: number }): void {
  for (let segment = first; segment <= last; segment += 1) read.damaged.add(segment);
}
