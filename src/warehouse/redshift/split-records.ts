import { isUtf8 } from 'node:buffer';
import type { SegmentFile } from '../../contract/segment-file.ts';
import { type ShapedRecord, shapeRecord } from './record-shape.ts';
import { isLoadableText, rejectOf } from './unreadable-record.ts';

/** An object of the landing or quarantine prefix, read. */
export interface ReadSegment {
  readonly segment: SegmentFile;
  readonly content: Buffer;
}

/** A record with where it lies. */
export interface PlacedRecord {
  /** Its place among all records of the load, from 1. */
  readonly position: number;
  readonly segment: SegmentFile;
  /** Its number in its object, from 1. */
  readonly number: number;
  readonly record: ShapedRecord;
}

const lineBreak = 0x0a;
/** Escapes that may stand for what no column takes; in most records there are none, and no text need be looked at. */
const doubtfulEscape = /\\u(?:0000|[dD][89a-fA-F])/;

/**
 * The records of objects in which each line is one. A line that is no record, or that has a place in `refusals`,
 * becomes a reject with its exact bytes and the reason. Empty lines are no records.
 *
 * @param refusals why the warehouse cannot take the record at a place
 */
export function* splitRecords(
  read: readonly ReadSegment[],
  refusals: ReadonlyMap<number, string>,
): Generator<PlacedRecord> {
  let position = 0;
  for (const { segment, content } of read) {
    for (const { bytes, number, offset } of linesIn(content)) {
      position += 1;
      const shaped = refusals.get(position) ?? readRecord(bytes);
      const origin = `${segment.path}, record ${number}, offset ${offset}`;
      const record =
        typeof shaped === 'string'
          ? rejectOf({ bytes, reason: shaped, origin, landedAtMs: segment.sealedAtMs })
          : shaped;
      yield { position, segment, number, record };
    }
  }
}

/** A line of an object by its number, with its record or why it has none; undefined when there is no such line. */
export function recordIn(
  content: Buffer,
  number: number,
): { readonly line: Buffer; readonly record: ShapedRecord | string } | undefined {
  for (const line of linesIn(content))
    if (line.number === number) return { line: line.bytes, record: readRecord(line.bytes) };
  return undefined;
}

function* linesIn(content: Buffer): Generator<{ bytes: Buffer; number: number; offset: number }> {
  let number = 0;
  for (let offset = 0; offset < content.length; ) {
    const found = content.indexOf(lineBreak, offset);
    const end = found < 0 ? content.length : found;
    if (end > offset) {
      number += 1;
      yield { bytes: content.subarray(offset, end), number, offset };
    }
    offset = end + 1;
  }
}

/** @returns the record of a line, or a sentence on why it has none */
function readRecord(bytes: Buffer): ShapedRecord | string {
  if (!isUtf8(bytes)) return 'It is not UTF-8.';
  const text = bytes.toString();
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return `It is not JSON: ${(error as Error).message}`;
  }
  if (doubtfulEscape.test(text) && !hasLoadableTexts(value))
    return 'One of its texts is not Unicode, or has the character zero.';
  return shapeRecord(value);
}

function hasLoadableTexts(value: unknown): boolean {
  if (typeof value === 'string') return isLoadableText(value);
  return typeof value !== 'object' || value === null || Object.values(value).every(hasLoadableTexts);
}
