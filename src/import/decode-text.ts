import { isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { TextDecoder } from 'node:util';
import { createGunzip } from 'node:zlib';
import { ImportError } from './import-error.ts';

/**
 * The text of a file, piece by piece, gunzipped if its name ends in .gz. Without an encoding it is what the byte
 * order mark says, else UTF-8 if all of it is valid, else windows-1252. The mark itself is left out.
 *
 * @throws ImportError for an encoding that does not exist
 */
export async function* decodeText(path: string, encoding: string | undefined): AsyncGenerator<string> {
  const decoder = decoderOf(path, encoding ?? (await detectEncoding(path)));
  for await (const bytes of openBytes(path)) {
    const text = decoder.decode(bytes as Buffer, { stream: true });
    if (text !== '') yield text;
  }
  const rest = decoder.decode();
  if (rest !== '') yield rest;
}

function decoderOf(path: string, encoding: string): TextDecoder {
  try {
    return new TextDecoder(encoding);
  } catch (error) {
    throw new ImportError(
      `${path}: "${encoding}" is not an encoding; try utf-8, utf-16le, windows-1252 or iso-8859-1.`,
      [],
      { cause: error },
    );
  }
}

async function detectEncoding(path: string): Promise<string> {
  let tail = Buffer.alloc(0);
  let first = true;
  for await (const bytes of openBytes(path)) {
    const piece = Buffer.concat([tail, bytes as Buffer]);
    if (first && piece[0] === 0xff && piece[1] === 0xfe) return 'utf-16le';
    if (first && piece[0] === 0xfe && piece[1] === 0xff) return 'utf-16be';
    first = false;
    const end = endOfWholeCharacters(piece);
    if (!isUtf8(piece.subarray(0, end))) return 'windows-1252';
    tail = piece.subarray(end);
  }
  return tail.length === 0 ? 'utf-8' : 'windows-1252';
}

/** Where to cut so that no UTF-8 character is torn: before the lead byte of an unfinished last character. */
function endOfWholeCharacters(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return bytes.length;
    if (byte >= 0xc0) {
      const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return length > back ? bytes.length - back : bytes.length;
    }
  }
  return bytes.length;
}

function openBytes(path: string): Readable {
  const bytes = createReadStream(path, { highWaterMark: 256 * 1024 });
  if (!path.toLowerCase().endsWith('.gz')) return bytes;
  const gunzip = createGunzip();
  bytes.once('error', (error) => gunzip.destroy(error));
  gunzip.once('close', () => bytes.destroy());
  return bytes.pipe(gunzip);
}
