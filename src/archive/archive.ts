import { mkdir, rm } from 'node:fs/promises';
import type { SegmentFile } from '../contract/segment-file.ts';
import type { Log } from '../runtime/log.ts';
import { Mutex } from '../runtime/mutex.ts';
import { expireBatches } from './expire.ts';
import { removeLeftovers } from './leftovers.ts';
import {
  type ArchivedSegment,
  archivePaths,
  manifestPath,
  readManifests,
  readRemoved,
  writeManifest,
  writeRemoved,
} from './manifest.ts';
import { nextBatch } from './next-batch.ts';
import { readSeal } from './read-seal.ts';
import { runsOfMissing } from './runs-of-missing.ts';
import { type OnArchiveStep, writeBatch } from './write-batch.ts';

export interface ArchiveOptions {
  readonly folder: string;
  /** Loaded segment files are kept up to this many bytes before the oldest are archived. */
  readonly keepBytes: number;
  /** … and up to this many files. */
  readonly keepFiles: number;
  /** Batches whose business dates are all older than this many days are removed; 0 keeps all. */
  readonly archiveDays: number;
  readonly log: Log;
  readonly now: () => number;
  /** While the loader is behind, archiving waits: it takes the same disk and processor. */
  readonly isBehind: () => boolean;
  /** For tests: what happens here happens between the steps of a batch. */
  readonly onStep?: OnArchiveStep;
}

/** A segment in the warehouse's ledger. */
export interface LoadedSegment {
  readonly sequence: number;
  readonly records: number;
}

const retryMs = 60_000;
const lookAgainMs = 1_000;
/** Beyond so many times what may be kept, archiving no longer waits for the loader. */
const patienceFactor = 4;
const dayMs = 86_400_000;

/**
 * Loaded segment files become compressed Parquet by business date, in the background, one batch after the other. At
 * every moment a record lies in its segment file or in a batch with a manifest. A batch that fails is tried again
 * later; until then its segment files stay.
 */
export class Archive {
  readonly #options: ArchiveOptions;
  readonly #turn = new Mutex();
  readonly #excluded = new Set<number>();
  #kept: SegmentFile[] = [];
  #keptBytes = 0;
  #lastSequence: number;
  #begun = false;
  #closed = false;
  #timer: NodeJS.Timeout | undefined;
  #expiredAtMs = 0;

  private constructor(options: ArchiveOptions, lastSequence: number) {
    this.#options = options;
    this.#lastSequence = lastSequence;
  }

  /** Opens the folder, and removes what a stopped process left without a manifest. */
  static async open(options: ArchiveOptions): Promise<Archive> {
    const { manifests, orders, tmp } = archivePaths(options.folder);
    for (const folder of [manifests, orders, tmp]) await mkdir(folder, { recursive: true, mode: 0o700 });
    const removed = (await readRemoved(options.folder)) ?? [];
    const there = await removeLeftovers(options.folder, await readManifests(options.folder), removed);
    const lastSequence = [...there, ...removed].reduce((last, batch) => Math.max(last, batch.last), 0);
    return new Archive(options, lastSequence);
  }

  /** The highest sequence that ever went into the archive, 0 for none. */
  get lastSequence(): number {
    return this.#lastSequence;
  }

  /** Bytes of the loaded segment files that wait to be archived. */
  get keptBytes(): number {
    return this.#keptBytes;
  }

  /** Takes over segment files that are loaded for good. */
  keep(files: readonly SegmentFile[]): void {
    for (const file of files) {
      this.#kept.push(file);
      this.#keptBytes += file.bytes;
    }
    this.#wake();
  }

  /**
   * Starts archiving, when every loaded segment file that there is has been kept. Those that a batch holds already
   * are removed. The first time, loaded segments of which no file is left are remembered as removed.
   *
   * @param ledger all that the warehouse has loaded
   */
  async begin(ledger: () => Promise<readonly LoadedSegment[]>): Promise<void> {
    const archived = new Map<number, ArchivedSegment>();
    for (const { segments } of await readManifests(this.#options.folder))
      for (const segment of segments) archived.set(segment.sequence, segment);
    if ((await readRemoved(this.#options.folder)) === undefined) {
      const there = new Set([...archived.keys(), ...this.#kept.map((file) => file.sequence)]);
      await writeRemoved(this.#options.folder, runsOfMissing(await ledger(), there));
    }
    for (const file of this.#kept.filter(({ sequence }) => archived.has(sequence)))
      await this.#removeArchived(file, archived.get(file.sequence));
    this.#begun = true;
    this.#wake();
  }

  /**
   * Archives every loaded segment file now.
   *
   * @throws when a batch fails; its segment files stay
   */
  archiveAll(): Promise<void> {
    return this.#turn.run(async () => {
      while (await this.#archiveNext());
    });
  }

  /** Stops after the batch at work. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#turn.run(async () => undefined);
  }

  /** A file that is not what the batch holds under its number is left where it is. */
  async #removeArchived(file: SegmentFile, archived: ArchivedSegment | undefined): Promise<void> {
    const seal = await readSeal(file);
    if (seal && seal.checksum === archived?.checksum && seal.records === archived.records) {
      await rm(file.path, { force: true });
      this.#forget([file]);
      return;
    }
    this.#exclude(file, 'is not the one that the archive holds under its number');
  }

  #exclude(file: SegmentFile, what: string): void {
    this.#excluded.add(file.sequence);
    this.#options.log.error({ path: file.path }, `a loaded segment file ${what}; it stays and is not archived`);
  }

  #isOver(factor: number): boolean {
    const { keepBytes, keepFiles } = this.#options;
    return this.#keptBytes > factor * keepBytes || this.#kept.length > factor * keepFiles;
  }

  #wake(delayMs = 0): void {
    if (!this.#begun || this.#closed || this.#timer || !this.#isOver(1)) return;
    this.#timer = setTimeout(() => void this.#tick(), delayMs);
    this.#timer.unref();
  }

  async #tick(): Promise<void> {
    let delayMs = 0;
    try {
      if (this.#options.isBehind() && !this.#isOver(patienceFactor)) delayMs = lookAgainMs;
      else if (!(await this.#turn.run(() => this.#archiveNext()))) delayMs = retryMs;
    } catch (error) {
      this.#options.log.error({ err: error }, 'archiving failed; it is tried again in a minute');
      delayMs = retryMs;
    }
    this.#timer = undefined;
    this.#wake(delayMs);
  }

  /** Archives the oldest batch; false when there is none. */
  async #archiveNext(): Promise<boolean> {
    await this.#expire();
    this.#kept.sort((a, b) => a.sequence - b.sequence);
    const files = nextBatch(this.#kept, this.#excluded);
    if (files.length === 0) return false;
    const segments: ArchivedSegment[] = [];
    for (const file of files) {
      const seal = await readSeal(file);
      if (seal) segments.push(seal);
      else this.#exclude(file, 'is damaged');
    }
    if (segments.length === files.length) await this.#archive(files, segments);
    return true;
  }

  async #archive(files: readonly SegmentFile[], segments: readonly ArchivedSegment[]): Promise<void> {
    const { folder, log, onStep = async () => undefined } = this.#options;
    const startedMs = performance.now();
    const [first, last] = [segments.at(0)?.sequence ?? 0, segments.at(-1)?.sequence ?? 0];
    let records = 0;
    try {
      const manifest = await writeBatch(
        folder,
        segments,
        files.map((file) => file.path),
        onStep,
      );
      await writeManifest(folder, manifest);
      records = manifest.records;
    } catch (error) {
      await rm(manifestPath(folder, { first, last }), { force: true }).catch(() => undefined);
      await removeLeftovers(folder, await readManifests(folder), []).catch(() => undefined);
      throw error;
    }
    this.#forget(files);
    this.#lastSequence = Math.max(this.#lastSequence, last);
    await onStep('manifest');
    for (const file of files) {
      await rm(file.path, { force: true });
      await onStep('segment deleted');
    }
    log.info({ first, last, records, ms: Math.round(performance.now() - startedMs) }, 'archived segment files');
  }

  #forget(files: readonly SegmentFile[]): void {
    const gone = new Set(files.map((file) => file.sequence));
    this.#kept = this.#kept.filter((file) => !gone.has(file.sequence));
    this.#keptBytes = this.#kept.reduce((sum, file) => sum + file.bytes, 0);
  }

  async #expire(): Promise<void> {
    const { folder, archiveDays, log, now } = this.#options;
    if (now() - this.#expiredAtMs < dayMs) return;
    const expired = await expireBatches(folder, archiveDays, now());
    this.#expiredAtMs = now();
    if (expired.length > 0) log.info({ expired }, 'removed batches of the archive that are older than archiveDays');
  }
}
