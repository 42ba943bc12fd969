import { type FileHandle, open } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import type { SegmentFile } from '../contract/segment-file.ts';
import type { ArchivedSegment } from './manifest.ts';

const sealBytesMax = 128;
const chunkBytes = 1024 * 1024;

/**
 * Reads the seal of a segment file, its last line, and checks it against every byte before.
 *
 * @returns undefined when the file is damaged: the seal is missing or does not fit
 */
export async function readSeal({ sequence, path, sealedAtMs }: SegmentFile): Promise<ArchivedSegment | undefined> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const tail = await read(file, Math.max(0, size - sealBytesMax), size);
    const sealAt = tail.lastIndexOf(0x0a, -2) + 1;
    const parts = /^\{"c":"([0-9a-f]{8})","s":\{"records":(\d+)\}\}\n$/.exec(tail.toString('latin1', sealAt));
    const [, checksum = '', records] = parts ?? [];
    if (!parts || (await checksumOf(file, size - tail.length + sealAt)) !== checksum) return undefined;
    return { sequence, records: Number(records), bytes: size, checksum, sealedAtMs };
  } finally {
    await file.close();
  }
}

async function checksumOf(file: FileHandle, end: number): Promise<string> {
  let checksum = 0;
  for (let start = 0; start < end; start += chunkBytes)
    checksum = crc32(await read(file, start, Math.min(start + chunkBytes, end)), checksum);
  return checksum.toString(16).padStart(8, '0');
}

async function read(file: FileHandle, start: number, end: number): Promise<Buffer> {
  const buffer = Buffer.alloc(end - start);
  const { bytesRead } = await file.read(buffer, 0, buffer.length, start);
  return buffer.subarray(0, bytesRead);
}
