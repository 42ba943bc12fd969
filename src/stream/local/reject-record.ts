import { createHash } from 'node:crypto';
import type { DeliveredReject } from '../../contract/delivered-order.ts';
import { limits } from '../../contract/limits.ts';

/** A record that is in a segment file and cannot be loaded from there. */
export interface Unloadable {
  readonly code: 'damaged_record' | 'unreadable_record';
  readonly source: string;
  /** One sentence for people. */
  readonly reason: string;
  /** Segment file, number of the record in it, offset in bytes. */
  readonly origin: string;
  readonly bytes: Buffer;
  readonly acceptedAtMs: number;
}

/** Longer stretches of damage are cut in quarantine: a record must stay small enough to be loaded. */
const bytesMax = limits.bodyBytesMax;
const reasonMax = 1000;

/** The JSON of the reject that takes the place of such a record. */
export function rejectRecord({ code, source, reason, origin, bytes, acceptedAtMs }: Unloadable): string {
  const cut = bytes.length > bytesMax ? ` Only the first ${bytesMax} of its ${bytes.length} bytes are here.` : '';
  const reject: DeliveredReject = {
    type: 'reject',
    quarantine_id: createHash('sha256').update(`${source}\n${origin}\n`).update(bytes).digest('hex').slice(0, 32),
    source,
    code,
    reason: printable(reason).slice(0, reasonMax) + cut,
    origin,
    bytes: bytes.subarray(0, bytesMax).toString('base64'),
    accepted_at_ms: acceptedAtMs,
  };
  return JSON.stringify(reject);
}

/** A database's message may quote the bytes that it could not read. */
function printable(text: string): string {
  return text.toWellFormed().replace(/\p{Cc}+/gu, ' ');
}
