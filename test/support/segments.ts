import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { DeliveredRecord } from '../../src/contract/delivered-order.ts';
import type { SegmentFile } from '../../src/contract/segment-file.ts';
import { frame, sealLine } from '../../src/stream/local/frame.ts';

/** The bytes of a sealed segment file. */
export function segmentBytes(records: readonly string[]): Buffer {
  const framed = Buffer.from(records.map(frame).join(''));
  return Buffer.concat([framed, Buffer.from(sealLine(records.length, crc32(framed)))]);
}

/** Writes a sealed segment file. */
export function writeSegment(folder: string, sequence: number, records: readonly DeliveredRecord[]): SegmentFile {
  const path = join(folder, `${String(sequence).padStart(12, '0')}.ndjson`);
  const bytes = segmentBytes(records.map((record) => JSON.stringify(record)));
  writeFileSync(path, bytes);
  return { sequence, path, records: records.length, bytes: bytes.length, sealedAtMs: Date.now() };
}
