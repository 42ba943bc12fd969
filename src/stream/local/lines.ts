import { createReadStream } from 'node:fs';

/** A line of a file, without its line break. */
export interface Line {
  readonly bytes: Buffer;
  /** Where it begins in the file. */
  readonly offset: number;
  /** False for what follows the last line break. */
  readonly ended: boolean;
}

/** Reads a file line by line, up to a byte if told. */
export async function* linesOf(path: string, endBytes = Number.MAX_SAFE_INTEGER): AsyncGenerator<Line> {
  if (endBytes === 0) return;
  let rest: Buffer = Buffer.alloc(0);
  let offset = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024, end: endBytes - 1 })) {
    rest = rest.length === 0 ? (chunk as Buffer) : Buffer.concat([rest, chunk as Buffer]);
    let start = 0;
    for (let end = rest.indexOf(0x0a); end >= 0; end = rest.indexOf(0x0a, start)) {
      yield { bytes: rest.subarray(start, end), offset: offset + start, ended: true };
      start = end + 1;
    }
    rest = rest.subarray(start);
    offset += start;
  }
  if (rest.length > 0) yield { bytes: rest, offset, ended: false };
}
