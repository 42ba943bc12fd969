import { fdatasync, write } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';
import { sealLine } from './frame.ts';

/**
 * The one open segment file: append, sync, seal. After a failed write or sync the file is cut back to its last
 * durable byte, so that what was refused does not count and what comes next lies on firm ground.
 */
export class SegmentWriter {
  readonly sequence: number;
  readonly path: string;
  readonly #file: FileHandle;
  #bytes = 0;
  #records = 0;
  #checksum = 0;
  #broken = false;

  private constructor(sequence: number, path: string, file: FileHandle) {
    this.sequence = sequence;
    this.path = path;
    this.#file = file;
  }

  /** Creates the file and makes its name durable. */
  static async create(sequence: number, path: string): Promise<SegmentWriter> {
    const file = await open(path, 'ax');
    await syncFolder(dirname(path));
    return new SegmentWriter(sequence, path, file);
  }

  get bytes(): number {
    return this.#bytes;
  }

  get records(): number {
    return this.#records;
  }

  /** A failed write could not be undone: the file takes no more, and recovery has to look at it. */
  get broken(): boolean {
    return this.#broken;
  }

  /** Resolves when the framed records are on disk. */
  async append(framed: Buffer, records: number): Promise<void> {
    try {
      await writeAndSync(this.#file.fd, framed);
    } catch (error) {
      await this.#undo();
      throw error;
    }
    this.#bytes += framed.length;
    this.#records += records;
    this.#checksum = crc32(framed, this.#checksum);
  }

  /** Writes the seal and closes; afterwards nobody changes the file. */
  async seal(): Promise<void> {
    const seal = Buffer.from(sealLine(this.#records, this.#checksum));
    await this.append(seal, 0);
    await this.#file.close();
  }

  async #undo(): Promise<void> {
    try {
      await this.#file.truncate(this.#bytes);
      await this.#file.datasync();
    } catch {
      this.#broken = true;
    }
  }

  /** Leaves the file as it is, for recovery to look at. */
  async abandon(): Promise<void> {
    await this.#file.close();
  }
}

/** Callbacks all the way: a promise for each step costs a third of what a small group of orders takes. */
function writeAndSync(fd: number, bytes: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (error: Error | null): void => (error ? reject(error) : resolve());
    const writeFrom = (offset: number): void =>
      write(fd, bytes, offset, bytes.length - offset, null, (error, written) => {
        if (error) return reject(error);
        return offset + written < bytes.length ? writeFrom(offset + written) : fdatasync(fd, settle);
      });
    writeFrom(0);
  });
}

/** A new name is durable only when its folder is synced. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
