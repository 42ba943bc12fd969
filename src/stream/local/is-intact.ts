import { type FileHandle, open } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import type { SegmentFile } from '../../contract/segment-file.ts';
import { sealLine } from './frame.ts';

const chunkBytes = 1024 * 1024;

/** Whether every byte of a sealed segment file is as it was when it was sealed. */
export async function isIntact({ path, bytes, records }: SegmentFile): Promise<boolean> {
  const file = await open(path, 'r');
  try {
    if ((await file.stat()).size !== bytes) return false;
    const sealAt = bytes - sealBytes(records);
    const seal = sealLine(records, await checksumOf(file, sealAt));
    return (await read(file, Buffer.alloc(bytes - sealAt), sealAt)).equals(Buffer.from(seal));
  } finally {
    await file.close();
  }
}

/** Length of the seal of a file with so many records. */
export function sealBytes(records: number): number {
  return sealLine(records, 0).length;
}

async function checksumOf(file: FileHandle, end: number): Promise<number> {
  const buffer = Buffer.allocUnsafe(Math.min(chunkBytes, Math.max(0, end)));
  let checksum = 0;
  for (let start = 0; start < end; start += chunkBytes)
    checksum = crc32(await read(file, buffer.subarray(0, Math.min(chunkBytes, end - start)), start), checksum);
  return checksum;
}

async function read(file: FileHandle, into: Buffer, position: number): Promise<Buffer> {
  const { bytesRead } = await file.read(into, 0, into.length, position);
  return into.subarray(0, bytesRead);
}
