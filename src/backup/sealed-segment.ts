import { crc32 } from 'node:zlib';
import type { Digest } from './digest.ts';
import { ChangedFileError, countLines, digestFile, openLocal } from './local-file.ts';

/** A segment file that nobody writes to any more, with its seal checked. */
export interface SealedSegment extends Digest {
  readonly records: number;
}

interface Seal {
  readonly records: number;
  /** CRC-32 of every byte before the seal. */
  readonly checksum: number;
  /** Where the seal begins. */
  readonly offset: number;
}

const sealBytesMax = 64;

/**
 * Reads a segment file through and checks its seal, the last line: `{"c":"89abcdef","s":{"records":2}}`.
 *
 * @returns `open` without a seal, `damaged` when the seal is not the one of these bytes
 * @throws ChangedFileError when the file is gone
 */
export async function readSegment(path: string): Promise<SealedSegment | 'open' | 'damaged'> {
  const { seal } = await readTail(path);
  if (seal === undefined) return 'open';
  let [checksum, records, left] = [0, 0, seal.offset];
  const digest = await digestFile(path, (chunk) => {
    const body = chunk.subarray(0, left);
    checksum = crc32(body, checksum);
    records += countLines(body);
    left -= body.length;
  });
  return checksum === seal.checksum && records === seal.records ? { ...digest, records } : 'damaged';
}

/** Whether a segment file is gone, empty or ends in a seal: what was acknowledged into it can be backed up. */
export async function isSettled(path: string): Promise<boolean> {
  try {
    const { size, seal } = await readTail(path);
    return size === 0 || seal !== undefined;
  } catch (error) {
    if (error instanceof ChangedFileError) return true;
    throw error;
  }
}

async function readTail(path: string): Promise<{ size: number; seal: Seal | undefined }> {
  const file = await openLocal(path);
  try {
    const { size } = await file.stat();
    const start = Math.max(0, size - sealBytesMax);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(sealBytesMax), 0, sealBytesMax, start);
    return { size, seal: parseSeal(buffer.toString('latin1', 0, bytesRead), start) };
  } finally {
    await file.close();
  }
}

function parseSeal(tail: string, start: number): Seal | undefined {
  const found = /(?:^|\n)(\{"c":"([0-9a-f]{8})","s":\{"records":(\d+)\}\}\n)$/.exec(tail);
  if (!found) return undefined;
  const [, line = '', checksum = '', records = ''] = found;
  return {
    records: Number(records),
    checksum: Number.parseInt(checksum, 16),
    offset: start + tail.length - line.length,
  };
}
