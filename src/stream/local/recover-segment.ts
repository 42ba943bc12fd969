import { createReadStream } from 'node:fs';
import { open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';
import { isWholeRecord, parseSeal, sealLine } from './frame.ts';
import { syncFolder } from './segment-writer.ts';

/** What recovery found in one segment file. */
export interface Recovered {
  /** `sealed`: whole as it was. `cut`: a torn tail went, then sealed. `mended`: bytes amid it were damaged. `empty`: removed. */
  readonly outcome: 'sealed' | 'cut' | 'mended' | 'empty';
  readonly records: number;
  readonly bytes: number;
  /** Bytes that are no whole record. */
  readonly lostBytes: number;
}

/**
 * Brings a segment file that a stopped process left behind into its sealed form. Whole records stay; the torn
 * tail of a crash is cut. Damage amid whole records is no crash's doing: the file is kept beside as `.damaged`
 * and the whole records go into a new one.
 */
export async function recoverSegment(path: string): Promise<Recovered> {
  const scan = await scanSegment(path);
  const size = (await stat(path)).size;
  if (scan.seal) return { outcome: 'sealed', records: scan.records, bytes: size, lostBytes: 0 };
  const lostBytes = size - scan.wholeBytes;
  if (scan.records === 0 && lostBytes === 0) {
    await rm(path);
    return { outcome: 'empty', records: 0, bytes: 0, lostBytes };
  }
  if (!scan.damagedBeforeSeal && scan.wholeBytes === scan.firstDamage) {
    await cutAndSeal(path, scan);
    return { outcome: 'cut', records: scan.records, bytes: scan.wholeBytes, lostBytes };
  }
  const mended = await copyWhole(path);
  return { outcome: 'mended', ...mended, lostBytes };
}

interface Scan {
  records: number;
  wholeBytes: number;
  /** Checksum over the whole records, in order. */
  checksum: number;
  /** Offset of the first byte that is not part of a whole record. */
  firstDamage: number;
  /** No crash's doing: behind a seal nothing is written, so what lies before it was whole once. */
  damagedBeforeSeal: boolean;
  /** The seal is there and right. */
  seal: boolean;
}

async function scanSegment(path: string): Promise<Scan> {
  const scan: Scan = { records: 0, wholeBytes: 0, checksum: 0, firstDamage: -1, damagedBeforeSeal: false, seal: false };
  let offset = 0;
  for await (const { line, ended } of linesOf(path)) {
    const length = line.length + (ended ? 1 : 0);
    const seal = ended ? parseSeal(line.toString('latin1')) : undefined;
    scan.damagedBeforeSeal = seal !== undefined && scan.firstDamage >= 0;
    if (seal) {
      scan.seal = scan.firstDamage < 0 && seal.records === scan.records && seal.checksum === scan.checksum;
    } else if (ended && isWholeRecord(line)) {
      scan.records += 1;
      scan.wholeBytes += length;
      scan.checksum = crc32(Buffer.concat([line, newline]), scan.checksum);
      scan.seal = false;
    } else if (scan.firstDamage < 0) {
      scan.firstDamage = offset;
      scan.seal = false;
    }
    offset += length;
  }
  if (scan.firstDamage < 0) scan.firstDamage = scan.wholeBytes;
  return scan;
}

const newline = Buffer.from('\n');

async function cutAndSeal(path: string, { wholeBytes, records, checksum }: Scan): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.truncate(wholeBytes);
    await file.write(sealLine(records, checksum), wholeBytes);
    await file.datasync();
  } finally {
    await file.close();
  }
}

async function copyWhole(path: string): Promise<{ records: number; bytes: number }> {
  const mended = `${path}.mended`;
  const file = await open(mended, 'w');
  let [records, bytes, checksum] = [0, 0, 0];
  try {
    for await (const { line, ended } of linesOf(path)) {
      if (!ended || !isWholeRecord(line)) continue;
      const whole = Buffer.concat([line, newline]);
      await file.write(whole);
      checksum = crc32(whole, checksum);
      records += 1;
      bytes += whole.length;
    }
    await file.write(sealLine(records, checksum));
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(path, `${path}.damaged`);
  await rename(mended, path);
  await syncFolder(dirname(path));
  return { records, bytes };
}

async function* linesOf(path: string): AsyncGenerator<{ line: Buffer; ended: boolean }> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 })) {
    rest = rest.length === 0 ? (chunk as Buffer) : Buffer.concat([rest, chunk as Buffer]);
    let start = 0;
    for (let end = rest.indexOf(0x0a); end >= 0; end = rest.indexOf(0x0a, start)) {
      yield { line: rest.subarray(start, end), ended: true };
      start = end + 1;
    }
    rest = rest.subarray(start);
  }
  if (rest.length > 0) yield { line: rest, ended: false };
}
