import { constants } from 'node:fs';
import { access, copyFile, link, open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';
import { frame, sealLine } from './frame.ts';
import { syncFolder } from './segment-writer.ts';

/**
 * Puts a sealed file with these records in the place of a segment file, whole or not at all. What was there stays
 * beside, under its name and the ending.
 */
export async function rewriteSegment(
  path: string,
  records: AsyncIterable<string>,
  ending: 'damaged' | 'unreadable',
): Promise<{ records: number; bytes: number }> {
  const mended = `${path}.mended`;
  const written = await writeSealed(mended, records);
  await keepAs(path, await freeName(`${path}.${ending}`));
  await rename(mended, path);
  await syncFolder(dirname(path));
  return written;
}

async function writeSealed(path: string, records: AsyncIterable<string>): Promise<{ records: number; bytes: number }> {
  const file = await open(path, 'w');
  let [count, bytes, checksum] = [0, 0, 0];
  try {
    for await (const record of records) {
      const framed = Buffer.from(frame(record));
      await file.write(framed);
      checksum = crc32(framed, checksum);
      count += 1;
      bytes += framed.length;
    }
    const seal = sealLine(count, checksum);
    await file.write(seal);
    await file.sync();
    return { records: count, bytes: bytes + seal.length };
  } finally {
    await file.close();
  }
}

/** A second name for the same file, so that a crash at no moment leaves neither; a copy where names cannot be shared. */
async function keepAs(path: string, name: string): Promise<void> {
  try {
    await link(path, name);
  } catch {
    await copyFile(path, name, constants.COPYFILE_EXCL);
  }
}

/** The name itself, or with a number when it is taken: no evidence is written over. */
async function freeName(name: string, number = 1): Promise<string> {
  const candidate = number === 1 ? name : `${name}-${number}`;
  const isTaken = await access(candidate).then(
    () => true,
    () => false,
  );
  return isTaken ? freeName(name, number + 1) : candidate;
}
