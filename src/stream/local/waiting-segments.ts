import type { SegmentFile } from '../../contract/segment-file.ts';
import { inspectSealed, type Recovered } from './recover-segment.ts';

export interface WaitingSegmentsOptions {
  /** Told what a look at a file found, when it was not as it was sealed. */
  readonly onRecovered: (path: string, recovered: Recovered) => void;
  /** Told that a file cannot be read at present. */
  readonly onUnreadable: (path: string, error: unknown) => void;
  /** Told of every change of how many bytes a waiting file has. */
  readonly onResized: (from: number, to: number) => void;
  /** Milliseconds until a file that could not be read is tried again. */
  readonly retryAfterMs?: number;
}

/** Sealed segment files that wait to be loaded, oldest first. Each is compared with its seal before it is handed out. */
export class WaitingSegments {
  readonly #options: WaitingSegmentsOptions;
  #files: SegmentFile[];
  /** Sequences of files found to be as they were sealed. */
  readonly #checked = new Set<number>();
  /** Sequences of files that cannot be read: those behind go first, and they are tried again. */
  readonly #unreadable = new Set<number>();
  readonly #wakeReaders: Array<() => void> = [];

  constructor(files: SegmentFile[], options: WaitingSegmentsOptions) {
    this.#files = files;
    this.#options = options;
  }

  get all(): readonly SegmentFile[] {
    return this.#files;
  }

  add(file: SegmentFile): void {
    this.#files.push(file);
    this.wake();
  }

  remove(sequences: ReadonlySet<number>): void {
    this.#files = this.#files.filter((file) => !sequences.has(file.sequence));
    for (const sequence of sequences) this.#checked.delete(sequence);
  }

  /** Takes a file's new form: it was written anew. */
  replace(file: SegmentFile): void {
    const before = this.#files.find((one) => one.sequence === file.sequence);
    if (!before) return;
    this.#files = this.#files.map((one) => (one === before ? file : one));
    this.#options.onResized(before.bytes, file.bytes);
  }

  /** The oldest that can be read, at least one if there is one, and about so many bytes of them. */
  async take(bytesMax: number): Promise<SegmentFile[]> {
    let bytes = 0;
    const batch: SegmentFile[] = [];
    for (const waiting of this.#files) {
      if (batch.length > 0 && bytes + waiting.bytes > bytesMax) break;
      const file = this.#unreadable.has(waiting.sequence) ? undefined : await this.#check(waiting);
      if (!file) continue;
      batch.push(file);
      bytes += file.bytes;
    }
    return batch;
  }

  /** Resolves when there may be something new to take. */
  change(): Promise<void> {
    return new Promise((wake) => this.#wakeReaders.push(wake));
  }

  wake(): void {
    for (const wake of this.#wakeReaders.splice(0)) wake();
  }

  async #check(file: SegmentFile): Promise<SegmentFile | undefined> {
    if (this.#checked.has(file.sequence)) return file;
    try {
      const recovered = await inspectSealed(file);
      const { outcome, records, bytes } = recovered;
      this.#checked.add(file.sequence);
      if (outcome === 'sealed') return file;
      const mended = { ...file, records, bytes };
      this.replace(mended);
      this.#options.onRecovered(file.path, recovered);
      return mended;
    } catch (error) {
      this.#options.onUnreadable(file.path, error);
      this.#retryLater(file.sequence);
      return undefined;
    }
  }

  #retryLater(sequence: number): void {
    this.#unreadable.add(sequence);
    const timer = setTimeout(() => {
      this.#unreadable.delete(sequence);
      this.wake();
    }, this.#options.retryAfterMs ?? 10_000);
    timer.unref();
  }
}
