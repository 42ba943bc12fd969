import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import type { SegmentFile } from '../../contract/segment-file.ts';
import { type Damage, findDamage, type Known, piecesOf, type Stretch, sourceIn } from './find-damage.ts';
import { sealBytes } from './is-intact.ts';
import { rejectRecord } from './reject-record.ts';
import { rewriteSegment } from './rewrite-segment.ts';

/** Where a record lay that is damaged. */
export interface DamagedRecord {
  /** Its number in the file, from 1. */
  readonly record: number;
  readonly offset: number;
  readonly bytes: number;
}

export interface Mended {
  /** Damaged ones included. */
  readonly records: number;
  /** Of the file as it is now. */
  readonly bytes: number;
  readonly damaged: readonly DamagedRecord[];
}

/**
 * Writes a damaged segment file anew: whole records as they are, and in the place of each damaged one a reject
 * with its exact bytes, so that the counts stay right. The file as it was stays beside as `.damaged`.
 */
export async function mendSegment(path: string, known: Known & Pick<SegmentFile, 'sealedAtMs'>): Promise<Mended> {
  const damage = await findDamage(path, known);
  const damaged = damage.stretches.map(({ offset, bytes, wholeBefore }, index) => {
    return { record: wholeBefore + index + 1, offset, bytes };
  });
  const written = await rewriteSegment(path, mendedRecords(path, damage, known), 'damaged');
  return { ...written, damaged };
}

/** The same of a file that this process has sealed, and so knows. */
export function mendSealed({ path, records, bytes, sealedAtMs }: SegmentFile): Promise<Mended> {
  return mendSegment(path, { records, endBytes: bytes - sealBytes(records), sealedAtMs });
}

async function* mendedRecords(
  path: string,
  { stretches, sources }: Damage,
  { endBytes, sealedAtMs }: Known & Pick<SegmentFile, 'sealedAtMs'>,
): AsyncGenerator<string> {
  let [whole, next] = [0, 0];
  const rejectsBefore = async function* (wholeBefore: number): AsyncGenerator<string> {
    for (let stretch = stretches[next]; stretch && stretch.wholeBefore <= wholeBefore; stretch = stretches[next]) {
      next += 1;
      yield rejectOf(path, stretch, whole + next, await readStretch(path, stretch), sources, sealedAtMs);
    }
  };
  for await (const { record } of piecesOf(path, endBytes)) {
    if (!record) continue;
    yield* rejectsBefore(whole);
    yield record.toString();
    whole += 1;
  }
  yield* rejectsBefore(whole);
}

function rejectOf(
  path: string,
  { offset, acceptedAtMs }: Stretch,
  number: number,
  bytes: Buffer,
  sources: ReadonlySet<string>,
  sealedAtMs: number,
): string {
  // Damage may have made up a name: only one that whole records have is believed.
  const source = sourceIn(bytes) ?? '';
  return rejectRecord({
    code: 'damaged_record',
    source: sources.has(source) ? source : 'unknown',
    reason:
      bytes.length > 0
        ? 'The record does not fit its checksum: the disk, or something else on this machine, has changed it.'
        : 'Nothing is left of the record: its place in the file was cut off or written over.',
    origin: `${basename(path)}, record ${number}, offset ${offset}`,
    bytes,
    acceptedAtMs: acceptedAtMs ?? sealedAtMs,
  });
}

async function readStretch(path: string, { offset, bytes }: Stretch): Promise<Buffer> {
  const file = await open(path, 'r');
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(bytes), 0, bytes, offset);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
