import { mkdir, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { SegmentFile } from '../../contract/segment-file.ts';
import { type Recovered, recoverSegment } from './recover-segment.ts';
import { segmentName, sequenceOf } from './segment-names.ts';

export interface FoundSegments {
  /** To be loaded, oldest first. */
  readonly sealed: SegmentFile[];
  /** Loaded already. */
  readonly kept: SegmentFile[];
  /** Highest sequence whose name is taken, 0 for none. */
  readonly lastSequence: number;
}

/** Reads the folder, and brings every file that a crash left open into its sealed form. */
export async function findSegments(
  folder: string,
  loadedOf: (sequences: readonly number[]) => Promise<ReadonlySet<number>>,
  onRecovered: (path: string, recovered: Recovered) => void,
): Promise<FoundSegments> {
  await mkdir(folder, { recursive: true });
  const [sealed, kept]: [SegmentFile[], SegmentFile[]] = [[], []];
  const sequences = (await readdir(folder)).flatMap((name) => sequenceOf(name) ?? []).sort((a, b) => a - b);
  const loaded = await loadedOf(sequences);
  for (const sequence of sequences) {
    const path = join(folder, segmentName(sequence));
    if (loaded.has(sequence)) {
      const { size, mtimeMs } = await stat(path);
      kept.push({ sequence, path, records: 0, bytes: size, sealedAtMs: Math.floor(mtimeMs) });
      continue;
    }
    const recovered = await recoverSegment(path);
    if (recovered.outcome !== 'sealed') onRecovered(path, recovered);
    const { records, bytes } = recovered;
    if (records > 0)
      sealed.push({ sequence, path, records, bytes, sealedAtMs: Math.floor((await stat(path)).mtimeMs) });
  }
  // Files without a whole record keep their sequences too: a name that is taken cannot be created.
  return { sealed, kept, lastSequence: sequences.at(-1) ?? 0 };
}
