import { randomUUID } from 'node:crypto';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** A temporary NDJSON file, written from beginning to end. Disposing of it removes it. */
export class NdjsonFile implements AsyncDisposable {
  readonly path: string;
  lines = 0;
  readonly #file: FileHandle;
  #isOpen = true;

  private constructor(path: string, file: FileHandle) {
    this.path = path;
    this.#file = file;
  }

  static async create(folder: string): Promise<NdjsonFile> {
    const path = join(folder, `${randomUUID()}.ndjson`);
    return new NdjsonFile(path, await open(path, 'wx'));
  }

  async write(values: readonly unknown[]): Promise<void> {
    if (values.length === 0) return;
    await this.#file.writeFile(`${values.map((value) => JSON.stringify(value)).join('\n')}\n`);
    this.lines += values.length;
  }

  /** Ends the writing; the file stays until it is disposed of. */
  async finish(): Promise<void> {
    if (this.#isOpen) await this.#file.close();
    this.#isOpen = false;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.finish();
    await rm(this.path, { force: true });
  }
}
