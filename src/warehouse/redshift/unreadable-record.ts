import { createHash } from 'node:crypto';
import type { ShapedReject } from './record-shape.ts';

/** A line of an object that cannot be loaded as it is. */
export interface UnreadableRecord {
  readonly bytes: Buffer;
  /** One sentence for people. */
  readonly reason: string;
  /** The object, the number of the record in it, its offset in bytes. */
  readonly origin: string;
  /** When the object landed: what is taken for the time of acceptance where the record does not tell it. */
  readonly landedAtMs: number;
}

const reasonMax = 1000;

/** The reject that such a line is taken for. The same line of the same object is the same reject, however often it is read. */
export function rejectOf({ bytes, reason, origin, landedAtMs }: UnreadableRecord): ShapedReject {
  const { source, acceptedAtMs } = stampOf(bytes, landedAtMs);
  return {
    type: 'reject',
    quarantine_id: createHash('sha256').update(`${source}\n${origin}\n`).update(bytes).digest('hex').slice(0, 32),
    source,
    code: 'unreadable_record',
    reason: reason
      .toWellFormed()
      .replace(/\p{Cc}+/gu, ' ')
      .slice(0, reasonMax),
    origin,
    bytes: bytes.toString('base64'),
    accepted_at_ms: acceptedAtMs,
  };
}

/** Sender and time of acceptance, as far as the record can be read and they make sense. */
function stampOf(bytes: Buffer, landedAtMs: number): { source: string; acceptedAtMs: number } {
  const { source, accepted_at_ms: at } = parsed(bytes);
  const isSource = typeof source === 'string' && source !== '' && source.length <= 64 && isLoadableText(source);
  const isTime = typeof at === 'number' && Number.isInteger(at) && at >= 0 && at <= landedAtMs;
  return { source: isSource ? source : 'unknown', acceptedAtMs: isTime ? at : landedAtMs };
}

function parsed(bytes: Buffer): Readonly<Record<string, unknown>> {
  try {
    return Object(JSON.parse(bytes.toString())) as Record<string, unknown>;
  } catch {
    return {};
  }
}

/** Whether a text has nothing that no column takes: halves of characters, and the character zero. */
export function isLoadableText(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0');
}
