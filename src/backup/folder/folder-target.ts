import { open, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import type { Readable } from 'node:stream';
import { type Digest, sameDigest } from '../digest.ts';
import { makeFolder, syncFolder, writeDurably } from '../durable-file.ts';
import { ChangedFileError, openLocal } from '../local-file.ts';
import type { BackupTarget, StoredObject } from '../target.ts';

/** Drafts lie where pruning looks, so that what a killed backup left behind goes. */
const drafts = 'files/.drafts';

/** Backups in a folder: an external disk, a mounted share. A file is written under another name and then renamed. */
export class FolderTarget implements BackupTarget {
  readonly name: string;
  readonly #root: string;

  constructor(folder: string) {
    this.name = folder;
    this.#root = resolve(folder);
  }

  async putFile(key: string, path: string, digest: Digest): Promise<void> {
    const file = await openLocal(path);
    try {
      await this.#write(key, file.createReadStream({ autoClose: false }), (written) => {
        if (!sameDigest(written, digest)) throw new ChangedFileError(`${path} changed while it was copied.`);
      });
    } finally {
      await file.close();
    }
  }

  async put(key: string, bytes: Buffer): Promise<void> {
    await this.#write(key, [bytes]);
  }

  async read(key: string): Promise<Readable> {
    try {
      const file = await open(join(this.#root, key));
      return file.createReadStream();
    } catch (error) {
      throw this.#explain('read', key, error);
    }
  }

  async list(folder: string): Promise<StoredObject[]> {
    try {
      const entries = await readdir(join(this.#root, folder), { recursive: true, withFileTypes: true });
      const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
      const found: StoredObject[] = [];
      for (const path of files) found.push({ key: this.#keyOf(path), bytes: (await stat(path)).size });
      return found;
    } catch (error) {
      const isEmpty = codeOf(error) === 'ENOENT' && (error as NodeJS.ErrnoException).syscall === 'scandir';
      if (isEmpty) return [];
      throw this.#explain('list', folder, error);
    }
  }

  async remove(keys: readonly string[]): Promise<void> {
    for (const key of keys) {
      await rm(join(this.#root, key), { force: true }).catch((error: unknown) => {
        throw this.#explain('remove', key, error);
      });
    }
  }

  async close(): Promise<void> {
    // A folder holds nothing open.
  }

  async #write(
    key: string,
    chunks: AsyncIterable<Buffer> | Iterable<Buffer>,
    check: (written: Digest) => void = () => undefined,
  ): Promise<void> {
    const path = join(this.#root, key);
    const draft = join(this.#root, drafts, `${basename(key)}.${process.pid}`);
    try {
      await makeFolder(dirname(draft));
      await makeFolder(dirname(path));
      check(await writeDurably(draft, chunks));
      await rename(draft, path);
      await syncFolder(dirname(path));
    } catch (error) {
      await rm(draft, { force: true }).catch(() => undefined);
      throw this.#explain('write', key, error);
    }
  }

  #keyOf(path: string): string {
    return relative(this.#root, path).split(sep).join('/');
  }

  #explain(what: string, key: string, error: unknown): Error {
    if (error instanceof ChangedFileError) return error;
    const code = codeOf(error);
    const cure = cures[code] ?? 'Look at the disk and its rights.';
    return new Error(`The backup folder ${this.name}: cannot ${what} ${key} (${code}). ${cure}`, { cause: error });
  }
}

const cures: Readonly<Record<string, string>> = {
  ENOENT: 'It is missing: was something removed by hand? "slicehouse backup --check" names everything that is.',
  ENOSPC: 'The disk is full: make room, or remove old backups with --prune.',
  EDQUOT: 'The quota is used up: make room, or remove old backups with --prune.',
  EACCES: 'This user may not: give it the right to read and write the folder.',
  EPERM: 'This user may not: give it the right to read and write the folder.',
  EROFS: 'It is mounted read-only: mount it for writing.',
  ENOTDIR: 'Something in its path is a file: name a folder.',
};

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? String(error);
}
