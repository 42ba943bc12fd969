import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Digest, Digester } from './digest.ts';

// What is backed up names customers and holds hashes of keys: nobody but the owner may read it.
const folderMode = 0o700;
const fileMode = 0o600;

/** Writes a new file, or over an old one; resolves with its digest when its bytes are on disk. */
export async function writeDurably(path: string, chunks: AsyncIterable<Buffer> | Iterable<Buffer>): Promise<Digest> {
  const digester = new Digester();
  const file = await open(path, 'w', fileMode);
  try {
    for await (const chunk of chunks) {
      digester.add(chunk);
      await file.writeFile(chunk);
    }
    await file.sync();
  } finally {
    await file.close();
  }
  return digester.digest();
}

/** Makes a folder with those above it, and their names durable. */
export async function makeFolder(path: string): Promise<void> {
  const first = await mkdir(path, { recursive: true, mode: folderMode });
  if (first === undefined) return;
  for (let made = path; made.length >= first.length; made = dirname(made)) await syncFolder(dirname(made));
}

/** Makes the names in a folder durable. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
