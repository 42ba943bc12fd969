import { type FileHandle, open } from 'node:fs/promises';
import { type Digest, Digester } from './digest.ts';

/** A file of the data folder vanished or changed between looking at it and sending it: look again. */
export class ChangedFileError extends Error {}

/**
 * Opens a file of the data folder for reading.
 *
 * @throws ChangedFileError when it is gone
 */
export async function openLocal(path: string): Promise<FileHandle> {
  try {
    return await open(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new ChangedFileError(`${path} is gone.`, { cause: error });
  }
}

/**
 * Reads a file through; `onChunk` sees its bytes on the way.
 *
 * @throws ChangedFileError when it is gone
 */
export async function digestFile(path: string, onChunk: (chunk: Buffer) => void = () => undefined): Promise<Digest> {
  const digester = new Digester();
  for await (const chunk of (await openLocal(path)).createReadStream()) {
    digester.add(chunk);
    onChunk(chunk);
  }
  return digester.digest();
}

/** The bytes of a small file; undefined when there is none. */
export async function readIfThere(path: string): Promise<Buffer | undefined> {
  try {
    const file = await openLocal(path);
    try {
      return await file.readFile();
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof ChangedFileError) return undefined;
    throw error;
  }
}

/** The line breaks in some bytes. */
export function countLines(chunk: Buffer): number {
  let count = 0;
  for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, at + 1)) count += 1;
  return count;
}
