import { SlicehouseError } from '../../contract/errors.ts';

export interface BacklogGateOptions {
  /** Sealed and not yet loaded: more than this and nothing is taken. */
  readonly bytesMax: number;
  /** Milliseconds of a clock that never jumps. */
  readonly now: () => number;
}

/** Taking goes on when the backlog is down to this share of its limit, so that the answer does not flap. */
const resumeShare = 0.75;
/** Of the loads so far, each counts half as much as the one after it. */
const memoryShare = 0.5;
const secondsMax = 60;

/** Refuses records while more wait to be loaded than may, and says how long it takes at the loader's pace. */
export class BacklogGate {
  readonly #options: BacklogGateOptions;
  #bytes = 0;
  #refusing = false;
  #loadedBytes = 0;
  #loadingMs = 0;
  /** Since when the loader has had something to do that it has not finished. */
  #busySinceMs = 0;

  constructor(options: BacklogGateOptions) {
    this.#options = options;
  }

  /** Sealed and not yet loaded. */
  get bytes(): number {
    return this.#bytes;
  }

  sealed(bytes: number): void {
    if (this.#bytes === 0) this.#busySinceMs = this.#options.now();
    this.#bytes += bytes;
    if (this.#bytes > this.#options.bytesMax) this.#refusing = true;
  }

  loaded(bytes: number): void {
    const now = this.#options.now();
    this.#loadedBytes = this.#loadedBytes * memoryShare + bytes;
    this.#loadingMs = this.#loadingMs * memoryShare + (now - this.#busySinceMs);
    this.#busySinceMs = now;
    this.#bytes -= bytes;
    if (this.#bytes <= this.#options.bytesMax * resumeShare) this.#refusing = false;
  }

  /** A file that waits has another size now: its damage was mended. */
  resized(from: number, to: number): void {
    this.#bytes += to - from;
  }

  /** What `append` has to throw, if anything. */
  refusal(): SlicehouseError | undefined {
    if (!this.#refusing) return undefined;
    const detail = `${inMebibytes(this.#bytes)} MiB of orders wait to be loaded, and ${inMebibytes(this.#options.bytesMax)} may. The order was not taken; send it again.`;
    return new SlicehouseError('overloaded', detail, { retryAfterSeconds: this.#secondsToResume() });
  }

  /** At the pace of the latest loads; a load that takes long makes it longer. */
  #secondsToResume(): number {
    const tooMuch = this.#bytes - this.#options.bytesMax * resumeShare;
    const ms = this.#loadingMs + this.#options.now() - this.#busySinceMs;
    const bytesPerMs = this.#loadedBytes / Math.max(1, ms);
    return Math.min(secondsMax, Math.max(1, Math.ceil(tooMuch / bytesPerMs / 1000)));
  }
}

function inMebibytes(bytes: number): number {
  return Math.round(bytes / 1024 / 1024);
}
