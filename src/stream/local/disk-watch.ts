import { statfs } from 'node:fs/promises';
import { SlicehouseError } from '../../contract/errors.ts';

export interface DiskWatchOptions {
  /** A folder on the disk in question. */
  readonly folder: string;
  /** This much stays free, for what is accepted to be loaded. 0: no watch. */
  readonly reserveBytes: number;
  /** What loading the backlog takes, on top of the reserve. */
  readonly neededBytes: () => number;
  /** Told after a look that changed whether there is room. */
  readonly onChange: () => void;
  /** Free bytes of the disk that a folder lies on. */
  readonly freeBytesOf?: (folder: string) => Promise<number>;
}

const lookEveryMs = 1000;
/** Room enough is the reserve and this share of it, so that the answer does not flap. */
const marginShare = 0.125;
const retryAfterSeconds = 10;

/**
 * Looks once a second at how much room a disk has, for all who ask. Taking ends while what is accepted can still
 * be loaded, and goes on by itself when there is room again.
 */
export class DiskWatch {
  readonly #options: DiskWatchOptions;
  #timer: NodeJS.Timeout | undefined;
  #freeBytes = Number.POSITIVE_INFINITY;
  #short = false;

  private constructor(options: DiskWatchOptions) {
    this.#options = options;
  }

  static async open(options: DiskWatchOptions): Promise<DiskWatch> {
    const watch = new DiskWatch(options);
    if (options.reserveBytes > 0) {
      await watch.#look();
      watch.#timer = setInterval(() => void watch.#look(), lookEveryMs).unref();
    }
    return watch;
  }

  /** What `append` has to throw, if anything. */
  refusal(): SlicehouseError | undefined {
    if (!this.#short) return undefined;
    const detail =
      'The disk of the data folder is nearly full; what is left is kept for loading what is accepted. The order was not taken; make room and send it again.';
    return new SlicehouseError('storage_full', detail, { retryAfterSeconds });
  }

  close(): void {
    clearInterval(this.#timer);
  }

  async #look(): Promise<void> {
    const { folder, reserveBytes, neededBytes, onChange, freeBytesOf = freeBytes } = this.#options;
    // A folder that cannot be looked at says nothing of room; writing to it fails by itself.
    this.#freeBytes = await freeBytesOf(folder).catch(() => this.#freeBytes);
    const wasShort = this.#short;
    const margin = wasShort ? reserveBytes * marginShare : 0;
    this.#short = this.#freeBytes < reserveBytes + margin + neededBytes();
    if (this.#short !== wasShort) onChange();
  }
}

async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}
