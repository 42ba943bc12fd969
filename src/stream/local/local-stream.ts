import { join } from 'node:path';
import { SlicehouseError } from '../../contract/errors.ts';
import type { SegmentFile } from '../../contract/segment-file.ts';
import type { DeliveryStream, StreamStatus, UnreadableRecord } from '../stream.ts';
import { BacklogGate } from './backlog-gate.ts';
import { DiskWatch } from './disk-watch.ts';
import { type FoundSegments, findSegments } from './found-segments.ts';
import { frame } from './frame.ts';
import { type Recovered, recoverSegment } from './recover-segment.ts';
import { segmentName } from './segment-names.ts';
import { SegmentWriter } from './segment-writer.ts';
import { setRecordsAside } from './set-records-aside.ts';
import { storageError } from './storage-error.ts';
import { WaitingSegments } from './waiting-segments.ts';

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
  /** Sealed and not yet loaded: with more than this, records are refused. Absent: no limit. */
  readonly backlogBytesMax?: number;
  /** Free bytes of the disk that are kept for loading what is accepted. Absent or 0: all may be used. */
  readonly reserveBytes?: number;
  /** Told of segment files that are loaded for good, those found so included. Whoever listens may remove them. */
  readonly onLoaded?: (files: readonly SegmentFile[]) => void;
  /** Told what recovery had to do, for the log. */
  readonly onRecovered?: (path: string, recovered: Recovered) => void;
  /** Told that a sealed file cannot be read; it is tried again and again, and the rest goes on. */
  readonly onUnreadable?: (path: string, error: unknown) => void;
  /** Told that records are refused from now on, and why; undefined: taken again. */
  readonly onRefusing?: (refusal: SlicehouseError | undefined) => void;
}

/** Loading a byte takes room in the warehouse's log and in its file. */
const loadingTakes = 2;

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
  readonly #waitingSegments: WaitingSegments;
  readonly #backlog: BacklogGate;
  #disk: DiskWatch | undefined;
  #refusing: SlicehouseError['code'] | undefined;
  #sequence: number;
  #writer: SegmentWriter | undefined;
  #waiting: Waiting[] = [];
  #bufferedBytes = 0;
  #flushing: Promise<void> | undefined;
  #sealTimer: NodeJS.Timeout | undefined;
  #sealDue = false;
  #closed = false;

  private constructor(options: LocalStreamOptions, { sealed, kept, lastSequence }: FoundSegments) {
    this.#options = options;
    this.#backlog = new BacklogGate({
      bytesMax: options.backlogBytesMax ?? Number.POSITIVE_INFINITY,
      now: () => performance.now(),
    });
    this.#waitingSegments = new WaitingSegments(sealed, {
      onRecovered: (path, recovered) => options.onRecovered?.(path, recovered),
      onUnreadable: (path, error) => options.onUnreadable?.(path, error),
      onResized: (from, to) => this.#backlog.resized(from, to),
    });
    for (const file of sealed) this.#backlog.sealed(file.bytes);
    options.onLoaded?.(kept);
    this.#sequence = Math.max(options.lastSequence, lastSequence);
  }

  /** Opens the folder, after bringing every file that a crash left open into its sealed form. */
  static async open(options: LocalStreamOptions): Promise<LocalStream> {
    const found = await findSegments(options.folder, options.loaded, (path, recovered) =>
      options.onRecovered?.(path, recovered),
    );
    const stream = new LocalStream(options, found);
    stream.#disk = await DiskWatch.open({
      folder: options.folder,
      reserveBytes: options.reserveBytes ?? 0,
      neededBytes: () => loadingTakes * stream.#backlog.bytes,
      onChange: () => stream.#noteRefusal(),
    });
    stream.#noteRefusal();
    return stream;
  }

  append(records: readonly string[]): Promise<void> {
    if (this.#closed) return Promise.reject(new SlicehouseError('stopping', 'The server is stopping; try again soon.'));
    const refusal = this.refusal();
    if (refusal) return Promise.reject(refusal);
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

  refusal(): SlicehouseError | undefined {
    return this.#disk?.refusal() ?? this.#backlog.refusal();
  }

  async next(bytesMax: number): Promise<SegmentFile[]> {
    for (;;) {
      const change = this.#waitingSegments.change();
      const batch = await this.#waitingSegments.take(bytesMax);
      if (batch.length > 0) return batch;
      if (this.#closed && !this.#writer && !this.#flushing) return [];
      await change;
    }
  }

  async release(segments: readonly SegmentFile[]): Promise<void> {
    this.#waitingSegments.remove(new Set(segments.map((file) => file.sequence)));
    this.#backlog.loaded(segments.reduce((sum, file) => sum + file.bytes, 0));
    this.#noteRefusal();
    this.#options.onLoaded?.(segments);
  }

  async setAside(segment: SegmentFile, records: readonly UnreadableRecord[]): Promise<void> {
    this.#waitingSegments.replace(await setRecordsAside(segment, records));
  }

  status(): StreamStatus {
    const waiting = this.#waitingSegments.all;
    const [oldest] = waiting;
    return {
      bufferedBytes: this.#bufferedBytes,
      waitingSegments: waiting.length,
      waitingBytes: this.#backlog.bytes,
      oldestWaitingMs: oldest ? Math.max(0, Date.now() - oldest.sealedAtMs) : null,
      unloadedRecords: waiting.reduce((sum, file) => sum + file.records, this.#writer?.records ?? 0),
      refusing: (this.refusal()?.code as 'overloaded' | 'storage_full' | undefined) ?? null,
    };
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#sealTimer);
    this.#disk?.close();
    await this.#flushing;
    this.#sealDue = true;
    await this.#sealIfDue();
    await this.#writer?.abandon();
    this.#writer = undefined;
    this.#waitingSegments.wake();
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
        const { records, bytes } = recovered;
        if (records > 0) this.#waitToBeLoaded({ sequence, path, records, bytes, sealedAtMs: Date.now() });
      } catch {
        if (!this.#closed) this.#reclaim({ sequence, path });
      }
    }, 1000);
    timer.unref();
  }

  async #createWriter(): Promise<SegmentWriter> {
    this.#sequence += 1;
    return SegmentWriter.create(this.#sequence, join(this.#options.folder, segmentName(this.#sequence)));
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
    this.#waitToBeLoaded({ sequence, path, records, bytes, sealedAtMs: Date.now() });
  }

  #waitToBeLoaded(file: SegmentFile): void {
    this.#backlog.sealed(file.bytes);
    this.#waitingSegments.add(file);
    this.#noteRefusal();
  }

  /** Tells once that records are refused from now on, or no longer. */
  #noteRefusal(): void {
    const refusal = this.refusal();
    if (refusal?.code === this.#refusing) return;
    this.#refusing = refusal?.code;
    this.#options.onRefusing?.(refusal);
  }

  #retrySealLater(): void {
    if (this.#closed) return;
    this.#sealTimer ??= setTimeout(() => {
      this.#sealTimer = undefined;
      this.#flushing ??= this.#flush();
    }, 1000);
  }
}
