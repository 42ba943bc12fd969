import { open, rm, stat } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import type { SegmentFile } from '../../contract/segment-file.ts';
import { isWholeRecord, parseSeal, sealLine } from './frame.ts';
import { isIntact } from './is-intact.ts';
import { linesOf } from './lines.ts';
import { type DamagedRecord, type Mended, mendSealed, mendSegment } from './mend-segment.ts';

/** What was found in one segment file, and how it is now. */
export interface Recovered {
  /** `sealed`: whole as it was. `cut`: a torn tail went, then sealed. `mended`: bytes amid it were damaged. `empty`: removed. */
  readonly outcome: 'sealed' | 'cut' | 'mended' | 'empty';
  readonly records: number;
  /** Of the file as it is now, its seal included. */
  readonly bytes: number;
  /** Bytes that are no whole record. */
  readonly lostBytes: number;
  /** Records that rejects took the place of. */
  readonly damaged: readonly DamagedRecord[];
}

/**
 * Brings a segment file that a stopped process left behind into its sealed form. Whole records stay; the torn
 * tail of a crash is cut. Damage amid whole records is no crash's doing: see `mendSegment`.
 */
export async function recoverSegment(path: string): Promise<Recovered> {
  const scan = await scanSegment(path);
  const { size, mtimeMs } = await stat(path);
  const lostBytes = size - scan.wholeBytes;
  if (scan.seal) return { outcome: 'sealed', records: scan.records, bytes: size, lostBytes: 0, damaged: [] };
  if (scan.records === 0 && lostBytes === 0) {
    await rm(path);
    return { outcome: 'empty', records: 0, bytes: 0, lostBytes, damaged: [] };
  }
  if (!scan.damagedBeforeSeal && scan.wholeBytes === scan.firstDamage) {
    const bytes = await cutAndSeal(path, scan);
    return { outcome: 'cut', records: scan.records, bytes, lostBytes, damaged: [] };
  }
  const records = scan.damagedBeforeSeal ? scan.sealedRecords : undefined;
  return asMended(await mendSegment(path, { records, endBytes: size, sealedAtMs: Math.floor(mtimeMs) }), lostBytes);
}

/** Looks at a file that this process has sealed: whatever is not as it was then is mended. */
export async function inspectSealed(segment: SegmentFile): Promise<Recovered> {
  const { records, bytes, path } = segment;
  if (await isIntact(segment)) return { outcome: 'sealed', records, bytes, lostBytes: 0, damaged: [] };
  const { wholeBytes } = await scanSegment(path);
  return asMended(await mendSealed(segment), Math.max(0, bytes - wholeBytes));
}

function asMended(mended: Mended, lostBytes: number): Recovered {
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
  /** As many as the last seal says. */
  sealedRecords: number;
  /** The seal is there and right. */
  seal: boolean;
}

async function scanSegment(path: string): Promise<Scan> {
  const scan = { records: 0, wholeBytes: 0, checksum: 0, firstDamage: -1, sealedRecords: 0 };
  let [seal, damagedBeforeSeal] = [false, false];
  for await (const { bytes, offset, ended } of linesOf(path)) {
    const found = ended ? parseSeal(bytes.toString('latin1')) : undefined;
    damagedBeforeSeal = found !== undefined && scan.firstDamage >= 0;
    if (found) {
      seal = scan.firstDamage < 0 && found.records === scan.records && found.checksum === scan.checksum;
      scan.sealedRecords = found.records;
    } else if (ended && isWholeRecord(bytes)) {
      scan.records += 1;
      scan.wholeBytes += bytes.length + 1;
      scan.checksum = crc32(newline, crc32(bytes, scan.checksum));
      seal = false;
    } else if (scan.firstDamage < 0) {
      scan.firstDamage = offset;
      seal = false;
    }
  }
  if (scan.firstDamage < 0) scan.firstDamage = scan.wholeBytes;
  return { ...scan, seal, damagedBeforeSeal };
}

const newline = Buffer.from('\n');

/** @returns the file's size */
async function cutAndSeal(path: string, { wholeBytes, records, checksum }: Scan): Promise<number> {
  const file = await open(path, 'r+');
  try {
    await file.truncate(wholeBytes);
    const { bytesWritten } = await file.write(sealLine(records, checksum), wholeBytes);
    await file.datasync();
    return wholeBytes + bytesWritten;
  } finally {
    await file.close();
  }
}
