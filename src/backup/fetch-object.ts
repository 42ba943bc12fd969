import { type Digest, Digester } from './digest.ts';
import { writeDurably } from './durable-file.ts';
import type { BackupTarget } from './target.ts';

const attempts = 3;

/** All bytes of an object. */
export function readAll(target: BackupTarget, key: string): Promise<Buffer> {
  return fetchObject(target, key, async (chunks) => {
    const read: Buffer[] = [];
    for await (const chunk of chunks) read.push(chunk);
    return Buffer.concat(read);
  });
}

/** Reads an object through. */
export function digestObject(target: BackupTarget, key: string): Promise<Digest> {
  return fetchObject(target, key, async (chunks) => {
    const digester = new Digester();
    for await (const chunk of chunks) digester.add(chunk);
    return digester.digest();
  });
}

/** Writes an object into a file; resolves when it is on disk. */
export function fetchFile(target: BackupTarget, key: string, path: string): Promise<Digest> {
  return fetchObject(target, key, (chunks) => writeDurably(path, chunks));
}

/** Starts again when the connection breaks amid the bytes; that there are none to read is said at once. */
async function fetchObject<T>(
  target: BackupTarget,
  key: string,
  take: (chunks: AsyncIterable<Buffer>) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    const chunks = await target.read(key);
    try {
      return await take(chunks);
    } catch (error) {
      chunks.destroy();
      const isOurs = chunks.errored === null;
      if (isOurs) throw error;
      if (attempt === attempts)
        throw new Error(`${target.name}: reading ${key} broke off: ${(error as Error).message}.`, { cause: error });
    }
  }
}
