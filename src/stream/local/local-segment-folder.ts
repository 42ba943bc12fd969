import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { SegmentCheck, SegmentFolder, SetAsideCheck, StoredSegment } from '../segment-folder.ts';
import { checkSetAside, setAsideSequence } from './check-set-aside.ts';
import { isWholeRecord, parseSeal } from './frame.ts';
import { sequenceOf } from './segment-names.ts';

const damageMax = 20;
/** What is checked between two turns of the event loop: about two milliseconds of work. */
const chunkBytes = 256 * 1024;
const newline = Buffer.from('\n');
const sealStart = Buffer.from('","s":{');
const sealStartAt = '{"c":"00000000'.length;

/** The segment files of a local stream, for reading only. */
export class LocalSegmentFolder implements SegmentFolder {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async list(): Promise<{ segments: StoredSegment[]; setAside: string[] }> {
    const names = (await readdir(this.#folder)).sort();
    const segments = names.flatMap((name) => {
      const sequence = sequenceOf(name);
      return sequence === undefined ? [] : [{ sequence, path: join(this.#folder, name) }];
    });
    return { segments, setAside: names.filter((name) => setAsideSequence(name) !== undefined) };
  }

  async check({ sequence, path }: StoredSegment): Promise<SegmentCheck | undefined> {
    const scan = new Scan();
    let rest: Buffer = Buffer.alloc(0);
    try {
      for await (const chunk of createReadStream(path, { highWaterMark: chunkBytes })) {
        rest = scan.add(rest.length === 0 ? (chunk as Buffer) : Buffer.concat([rest, chunk as Buffer]));
      }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
    return { sequence, path, ...scan.result(rest) };
  }

  checkSetAside(name: string): Promise<SetAsideCheck | undefined> {
    return checkSetAside(this.#folder, name);
  }
}

/** Checks the lines of a segment file, in whatever chunks they come. */
class Scan {
  #records = 0;
  #bytes = 0;
  #checksum = 0;
  #seals = 0;
  #sealFits = false;
  readonly #damage: { record: number; offset: number }[] = [];

  /** Takes the whole lines of a chunk and gives back what is left behind the last line break. */
  add(chunk: Buffer): Buffer {
    let start = 0;
    for (let end = chunk.indexOf(0x0a); end >= 0; end = chunk.indexOf(0x0a, start)) {
      this.#line(chunk.subarray(start, end));
      start = end + 1;
    }
    return chunk.subarray(start);
  }

  result(rest: Buffer): Omit<SegmentCheck, keyof StoredSegment> {
    const sealed = this.#seals > 0;
    const isWhole = this.#sealFits && this.#seals === 1 && this.#damage.length === 0 && rest.length === 0;
    const state = isWhole ? 'whole' : sealed || this.#damage.length > 0 ? 'damaged' : 'open';
    const isTorn = rest.length > 0;
    return { records: this.#records, bytes: this.#bytes + rest.length, state, damage: this.#damage, sealed, isTorn };
  }

  #line(line: Buffer): void {
    const seal = looksLikeSeal(line) ? parseSeal(line.toString('latin1')) : undefined;
    if (seal) {
      this.#seals += 1;
      this.#sealFits = seal.records === this.#records && seal.checksum === this.#checksum;
    } else {
      this.#sealFits = false;
      if (isWholeRecord(line)) this.#records += 1;
      else if (this.#damage.length < damageMax)
        this.#damage.push({ record: this.#records + this.#damage.length + 1, offset: this.#bytes });
      this.#checksum = crc32(newline, crc32(line, this.#checksum));
    }
    this.#bytes += line.length + 1;
  }
}

function looksLikeSeal(line: Buffer): boolean {
  return line.length < 128 && line.subarray(sealStartAt, sealStartAt + sealStart.length).equals(sealStart);
}
