import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { SlicehouseError } from '../../contract/errors.ts';
import type { SegmentFile } from '../../contract/segment-file.ts';
import type { DeliveryStream, StreamStatus } from '../stream.ts';
import { frame } from './frame.ts';
import { type Recovered, recoverSegment } from './recover-segment.ts';
import { SegmentWriter } from './segment-writer.ts';

export interface LocalStreamOptions {
  readonly folder: string;
  /** The highest sequence ever given out as far as the ledger knows; new files start above it. */
  readonly lastSequence: number;
  /** Which of the segment files found in the folder are in the ledger already. */
  readonly loaded: (sequences: readonly number[]) => Promise<ReadonlySet<number>>;
  /** A file is sealed this long after its first record. */
  readonly sealAfterMs: number;
  /** … or when it has this many bytes. */
  readonly sealBytes: number;
  /** Appended and not yet durable: more than this is refused. */
  readonly bufferBytesMax: number;
  /** Loaded segment files are kept up to this many bytes, the newest longest. */
  readonly keepBytes: number;
  /** Told what recovery had to do, for the log. */
  readonly onRecovered?: (path: string, recovered: Recovered) => void;
}

interface Waiting {
  readonly framed: string;
  readonly records: number;
  resolve(): void;
  reject(error: unknown): void;
}

/**
 * The delivery stream on one machine: segment files in a folder. Appends that arrive while a sync is under way
 * share the next one (group commit).
 */
export class LocalStream implements DeliveryStream {
  readonly #options: LocalStreamOptions;
  readonly #sealed: SegmentFile[];
  readonly #kept: SegmentFile[] = [];
  #keptBytes = 0;
  readonly #wakeReader: Array<() => void> = [];
  #sequence: number;
  #writer: SegmentWriter | undefined;
  #waiting: Waiting[] = [];
  #bufferedBytes = 0;
  #flushing: Promise<void> | undefined;
  #sealTimer: NodeJS.Timeout | undefined;
  #sealDue = false;
  #closed = false;

  private constructor(options: LocalStreamOptions, sealed: SegmentFile[], kept: SegmentFile[], lastFound: number) {
    this.#options = options;
    this.#sealed = sealed;
    for (const file of kept) this.#keep(file);
    this.#sequence = Math.max(options.lastSequence, lastFound);
  }

  /** Opens the folder, after bringing every file that a crash left open into its sealed form. */
  static async open(options: LocalStreamOptions): Promise<LocalStream> {
    await mkdir(options.folder, { recursive: true });
    const [sealed, kept]: [SegmentFile[], SegmentFile[]] = [[], []];
    const sequences = (await readdir(options.folder)).flatMap((name) => sequenceOf(name) ?? []).sort((a, b) => a - b);
    const loaded = await options.loaded(sequences);
    for (const sequence of sequences) {
      const path = join(options.folder, fileName(sequence));
      if (loaded.has(sequence)) {
        kept.push({ sequence, path, records: 0, bytes: (await stat(path)).size, sealedAtMs: await modifiedMs(path) });
        continue;
      }
      const { outcome, records, bytes, lostBytes } = await recoverSegment(path);
      if (outcome !== 'sealed') options.onRecovered?.(path, { outcome, records, bytes, lostBytes });
      if (records > 0) sealed.push({ sequence, path, records, bytes, sealedAtMs: await modifiedMs(path) });
    }
    // Files without a whole record keep their sequences too: a name that is taken cannot be created.
    return new LocalStream(options, sealed, kept, sequences.at(-1) ?? 0);
  }

  append(records: readonly string[]): Promise<void> {
    if (this.#closed) return Promise.reject(new SlicehouseError('stopping', 'The server is stopping; try again soon.'));
    let framed = '';
    for (const record of records) framed += frame(record);
    if (this.#bufferedBytes + framed.length > this.#options.bufferBytesMax) {
      const detail = 'Orders arrive faster than the disk takes them; try again in a second.';
      return Promise.reject(new SlicehouseError('overloaded', detail, { retryAfterSeconds: 1 }));
    }
    this.#bufferedBytes += framed.length;
    return new Promise((resolve, reject) => {
      this.#waiting.push({ framed, records: records.length, resolve, reject });
      this.#flushing ??= this.#flush();
    });
  }

  async next(bytesMax: number): Promise<SegmentFile[]> {
    while (this.#sealed.length === 0) {
      if (this.#closed && !this.#writer && !this.#flushing) return [];
      await new Promise<void>((wake) => this.#wakeReader.push(wake));
    }
    let bytes = 0;
    const batch: SegmentFile[] = [];
    for (const file of this.#sealed) {
      if (batch.length > 0 && bytes + file.bytes > bytesMax) break;
      batch.push(file);
      bytes += file.bytes;
    }
    return batch;
  }

  async release(segments: readonly SegmentFile[]): Promise<void> {
    const released = new Set(segments.map((file) => file.sequence));
    for (const file of segments) this.#keep(file);
    const left = this.#sealed.filter((file) => !released.has(file.sequence));
    this.#sealed.splice(0, this.#sealed.length, ...left);
    while (this.#keptBytes > this.#options.keepBytes) {
      const oldest = this.#kept.shift();
      if (!oldest) break;
      this.#keptBytes -= oldest.bytes;
      await rm(oldest.path, { force: true });
    }
  }

  status(): StreamStatus {
    return {
      bufferedBytes: this.#bufferedBytes,
      waitingSegments: this.#sealed.length,
      unloadedRecords: this.#sealed.reduce((sum, file) => sum + file.records, this.#writer?.records ?? 0),
    };
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#sealTimer);
    await this.#flushing;
    this.#sealDue = true;
    await this.#sealIfDue();
    await this.#writer?.abandon();
    this.#writer = undefined;
    this.#wake();
  }

  async #flush(): Promise<void> {
    // One turn of the event loop, so that requests parsed in the same turn share the sync.
    await new Promise<void>((resolve) => setImmediate(resolve));
    do {
      const group = this.#waiting;
      this.#waiting = [];
      if (group.length > 0) await this.#writeGroup(group);
      await this.#sealIfDue();
    } while (this.#waiting.length > 0);
    this.#flushing = undefined;
  }

  async #writeGroup(group: readonly Waiting[]): Promise<void> {
    const framed = Buffer.from(group.length === 1 ? (group[0]?.framed ?? '') : group.map((one) => one.framed).join(''));
    const records = group.reduce((sum, one) => sum + one.records, 0);
    try {
      this.#writer ??= await this.#createWriter();
      await this.#writer.append(framed, records);
      for (const one of group) one.resolve();
      this.#armSeal(this.#writer);
    } catch (error) {
      const refusal = storageError(error);
      for (const one of group) one.reject(refusal);
      await this.#replaceBroken();
    } finally {
      for (const one of group) this.#bufferedBytes -= one.framed.length;
    }
  }

  /** Sets a file aside that a failed write left in doubt; the next order opens a new one. */
  async #replaceBroken(): Promise<void> {
    const writer = this.#writer;
    if (!writer?.broken) return;
    this.#writer = undefined;
    await writer.abandon().catch(() => undefined);
    this.#reclaim(writer);
  }

  /** Brings what it acknowledged back in, as soon as the disk lets us; at the latest the next start does. */
  #reclaim({ sequence, path }: Pick<SegmentWriter, 'sequence' | 'path'>): void {
    const timer = setTimeout(async () => {
      try {
        const recovered = await recoverSegment(path);
        this.#options.onRecovered?.(path, recovered);
        if (recovered.records > 0) this.#sealed.push({ sequence, path, ...sizeOf(recovered), sealedAtMs: Date.now() });
        this.#wake();
      } catch {
        if (!this.#closed) this.#reclaim({ sequence, path });
      }
    }, 1000);
    timer.unref();
  }

  async #createWriter(): Promise<SegmentWriter> {
    this.#sequence += 1;
    return SegmentWriter.create(this.#sequence, join(this.#options.folder, fileName(this.#sequence)));
  }

  #armSeal(writer: SegmentWriter): void {
    if (writer.bytes >= this.#options.sealBytes) this.#sealDue = true;
    if (this.#sealTimer || this.#sealDue) return;
    this.#sealTimer = setTimeout(() => {
      this.#sealTimer = undefined;
      this.#sealDue = true;
      this.#flushing ??= this.#flush();
    }, this.#options.sealAfterMs);
  }

  async #sealIfDue(): Promise<void> {
    const writer = this.#writer;
    if (!this.#sealDue || !writer || writer.records === 0) return;
    try {
      await writer.seal();
    } catch {
      // The records are safe where they are. With the disk full the seal waits for room.
      this.#retrySealLater();
      return;
    }
    clearTimeout(this.#sealTimer);
    this.#sealTimer = undefined;
    this.#sealDue = false;
    this.#writer = undefined;
    const { sequence, path, records, bytes } = writer;
    this.#sealed.push({ sequence, path, records, bytes, sealedAtMs: Date.now() });
    this.#wake();
  }

  #retrySealLater(): void {
    if (this.#closed) return;
    this.#sealTimer ??= setTimeout(() => {
      this.#sealTimer = undefined;
      this.#flushing ??= this.#flush();
    }, 1000);
  }

  #keep(file: SegmentFile): void {
    this.#kept.push(file);
    this.#keptBytes += file.bytes;
  }

  #wake(): void {
    for (const wake of this.#wakeReader.splice(0)) wake();
  }
}

const sizeOf = ({ records, bytes }: Recovered): Pick<SegmentFile, 'records' | 'bytes'> => ({ records, bytes });

async function modifiedMs(path: string): Promise<number> {
  return Math.floor((await stat(path)).mtimeMs);
}

function fileName(sequence: number): string {
  return `${String(sequence).padStart(12, '0')}.ndjson`;
}

function sequenceOf(name: string): number | undefined {
  const digits = /^(\d{12})\.ndjson$/.exec(name)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

function storageError(error: unknown): SlicehouseError {
  const code = (error as NodeJS.ErrnoException).code;
  const full = code === 'ENOSPC' || code === 'EDQUOT';
  const detail = full
    ? 'The disk of the data folder is full. The order was not taken; make room and send it again.'
    : `The order could not be written to disk (${code ?? 'unknown error'}) and was not taken; send it again.`;
  return new SlicehouseError('storage_full', detail, { retryAfterSeconds: full ? 30 : 5, cause: error });
}
