import { basename } from 'node:path';
import type { SegmentFile } from '../../contract/segment-file.ts';
import type { UnreadableRecord } from '../stream.ts';
import { piecesOf } from './find-damage.ts';
import { rejectRecord } from './reject-record.ts';
import { rewriteSegment } from './rewrite-segment.ts';

/**
 * Writes a sealed, undamaged segment file anew with rejects in the place of records that loading cannot read. The
 * file as it was stays beside as `.unreadable`.
 */
export async function setRecordsAside(
  segment: SegmentFile,
  unreadable: readonly UnreadableRecord[],
): Promise<SegmentFile> {
  const reasons = new Map(unreadable.map(({ record, reason }) => [record, reason]));
  return { ...segment, ...(await rewriteSegment(segment.path, replaced(segment, reasons), 'unreadable')) };
}

async function* replaced(
  { path, sealedAtMs }: SegmentFile,
  reasons: ReadonlyMap<number, string>,
): AsyncGenerator<string> {
  let number = 0;
  for await (const { record, offset } of piecesOf(path)) {
    if (!record) continue;
    number += 1;
    const reason = reasons.get(number);
    if (reason === undefined) {
      yield record.toString();
      continue;
    }
    const origin = `${basename(path)}, record ${number}, offset ${offset}`;
    yield rejectRecord({ code: 'unreadable_record', reason, origin, bytes: record, ...stampOf(record, sealedAtMs) });
  }
}

/** Sender and time of acceptance, as far as the record can be read and they make sense. */
function stampOf(record: Buffer, sealedAtMs: number): { source: string; acceptedAtMs: number } {
  const { source, accepted_at_ms: at } = parse(record);
  const isSource = typeof source === 'string' && source !== '' && source.length <= 64 && source.isWellFormed();
  const isTime = typeof at === 'number' && Number.isInteger(at) && at >= 0 && at <= sealedAtMs;
  return { source: isSource ? source : 'unknown', acceptedAtMs: isTime ? at : sealedAtMs };
}

function parse(record: Buffer): Readonly<Record<string, unknown>> {
  try {
    return Object(JSON.parse(record.toString())) as Record<string, unknown>;
  } catch {
    return {};
  }
}
