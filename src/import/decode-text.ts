import { isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
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
    const text = decoder.decode(bytes, { stream: true });
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
      { cause: error },
    );
  }
}

async function detectEncoding(path: string): Promise<string> {
  let rest: Buffer = Buffer.alloc(0);
  let first = true;
  for await (const bytes of openBytes(path)) {
    if (first && bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
    if (first && bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
    first = false;
    const piece = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
    const end = endOfAscii(piece);
    if (!isUtf8(piece.subarray(0, end))) return 'windows-1252';
    rest = piece.subarray(end);
  }
  return isUtf8(rest) ? 'utf-8' : 'windows-1252';
}

/** Behind the last ASCII letter, where no character of UTF-8 can be torn. */
function endOfAscii(bytes: Buffer): number {
  let end = bytes.length;
  while (end > 0 && (bytes[end - 1] ?? 0) >= 0x80) end -= 1;
  return end;
}

async function* openBytes(path: string): AsyncGenerator<Buffer> {
  const bytes = createReadStream(path, { highWaterMark: 256 * 1024 });
  const stream = path.toLowerCase().endsWith('.gz') ? pipeline(bytes, createGunzip(), () => {}) : bytes;
  try {
    for await (const piece of stream) yield piece as Buffer;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ImportError(`${path} cannot be read: ${reason}.`, { cause: error });
  }
}
