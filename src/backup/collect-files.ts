import { join } from 'node:path';
import {
  contentFile,
  type DataFile,
  digestedFile,
  listDamaged,
  listReference,
  listSegments,
  readArchive,
} from './data-files.ts';
import { readSegment } from './sealed-segment.ts';

/** A segment file that cannot be backed up as it is. */
export interface LeftOut {
  readonly path: string;
  /** `open`: not sealed. `damaged`: not what its seal says. */
  readonly why: 'open' | 'damaged';
}

/** What a data folder held at one time. */
export interface Collected {
  readonly files: readonly DataFile[];
  readonly leftOut: readonly LeftOut[];
  /** Records that a backup cannot bring back: their segment files are neither there nor archived. */
  readonly warehouseOnly: number;
  /** Whether it holds, leaves out or has archived this segment file. */
  covers(sequence: number): boolean;
}

/** Files of sealed segments, by path, which nobody writes to any more: looking again costs nothing. */
export type Seen = Map<string, DataFile>;

/**
 * Looks at everything that belongs into a backup. The segment files are listed before the archive: one that is
 * archived in between is found there. It may be found in both, which does no harm.
 *
 * @throws ChangedFileError when a file vanishes under its hands
 */
export async function collectFiles(folder: string, seen: Seen): Promise<Collected> {
  const segments = await listSegments(folder);
  const archive = await readArchive(folder);
  const leftOut: LeftOut[] = [];
  const files: DataFile[] = [];
  for (const { path } of segments) {
    const found = seen.get(path) ?? (await sealedSegment(folder, path));
    if (typeof found === 'string') leftOut.push({ path, why: found });
    else files.push(found);
  }
  for (const file of files) seen.set(file.path, file);
  for (const path of await listDamaged(folder)) files.push(await digestedFile(folder, 'segments', path));
  files.push(...archive.files);
  for (const path of await listReference(folder)) files.push(await digestedFile(folder, 'reference', path, true));
  const keys = await contentFile(folder, 'keys', 'keys.json');
  if (keys) files.push(keys);
  const listed = new Set(segments.map((segment) => segment.sequence));
  const covers = (sequence: number): boolean => listed.has(sequence) || archive.covers(sequence);
  return { files, leftOut, warehouseOnly: archive.warehouseOnly, covers };
}

async function sealedSegment(folder: string, path: string): Promise<DataFile | 'open' | 'damaged'> {
  const segment = await readSegment(join(folder, path));
  return typeof segment === 'string' ? segment : { kind: 'segments', path, ...segment };
}
