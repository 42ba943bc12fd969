import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ArchivedSegment, Manifest, Removed } from '../../archive/manifest.ts';
import { readSeal } from '../../archive/read-seal.ts';
import type { LeftOut } from '../../backup/collect-files.ts';
import { listSegments } from '../../backup/data-files.ts';
import { isSettled } from '../../backup/sealed-segment.ts';
import { dataFolder } from '../data-folder.ts';
import { planRebuild } from '../rebuild/plan-rebuild.ts';

/** A sealed segment file that is not archived. */
export interface SealedFile extends ArchivedSegment {
  readonly path: string;
}

/** What is read together: a batch of the archive, or a segment file. */
export type ExportPart =
  | { readonly from: 'archive'; readonly first: number; readonly manifest: Manifest }
  | { readonly from: 'segment'; readonly first: number; readonly file: SealedFile };

/** What a data folder has to export. */
export interface ExportPlan {
  /** In the order of their records. */
  readonly parts: readonly ExportPart[];
  /** Of all parts. */
  readonly records: number;
  /** Eight hexadecimal digits that stay the same for a data folder: the checksum of its first segment file. */
  readonly chain: string;
  /** Orders that were loaded once and whose records are no longer in the folder. */
  readonly missing: readonly Removed[];
  /** Segment files that cannot be exported as they are. */
  readonly leftOut: readonly LeftOut[];
}

const noChain = '00000000';

/**
 * Looks through a data folder. Segment files are listed before the archive: one that is archived in between is found
 * there.
 *
 * @throws Error with code ENOENT when a file vanishes meanwhile
 */
export async function planExport(folder: string): Promise<ExportPlan> {
  const names = await listSegments(folder);
  const { manifests, missing } = await planRebuild(dataFolder(folder), undefined);
  const archived = new Set(manifests.flatMap(({ segments }) => segments.map(({ sequence }) => sequence)));
  const parts: ExportPart[] = manifests.map((manifest) => ({ from: 'archive', first: manifest.first, manifest }));
  const leftOut: LeftOut[] = [];
  for (const { sequence, path } of names.filter((name) => !archived.has(name.sequence))) {
    const found = await lookAt(join(folder, path), sequence);
    if (typeof found === 'object') parts.push({ from: 'segment', first: sequence, file: found });
    else if (found !== 'empty') leftOut.push({ path, why: found });
  }
  parts.sort((one, other) => one.first - other.first);
  const records = parts.reduce((sum, part) => sum + recordsOf(part), 0);
  const [first] = parts
    .flatMap(segmentsOf)
    .filter((segment) => segment.records > 0)
    .sort((one, other) => one.sequence - other.sequence);
  return { parts, records, chain: first?.checksum ?? noChain, missing, leftOut };
}

/** The segment files of a part. */
export function segmentsOf(part: ExportPart): readonly ArchivedSegment[] {
  return part.from === 'archive' ? part.manifest.segments : [part.file];
}

/** The number of its records. */
export function recordsOf(part: ExportPart): number {
  return segmentsOf(part).reduce((sum, { records }) => sum + records, 0);
}

async function lookAt(path: string, sequence: number): Promise<SealedFile | 'empty' | LeftOut['why']> {
  const { size, mtimeMs } = await stat(path);
  if (size === 0) return 'empty';
  const seal = await readSeal({ sequence, path, records: 0, bytes: size, sealedAtMs: mtimeMs });
  if (seal) return { ...seal, path };
  return (await isSettled(path)) ? 'damaged' : 'open';
}
