import type { Log } from '../runtime/log.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';

export interface BackgroundCompactionOptions {
  readonly warehouse: Warehouse;
  readonly log: Log;
  /** Records that wait to be loaded: while there are many, loading comes first. */
  readonly backlog: () => number;
  readonly now: () => number;
  /** Milliseconds between two looks at whether there is something to do. */
  readonly everyMs?: number;
  /** Orders loaded since the last time that make a look worth while. */
  readonly ordersMin?: number;
}

/** For `/v1/pipeline`. */
export interface CompactionStatus {
  readonly running: boolean;
  /** Enough has been loaded since the last time; it begins when loading leaves room. */
  readonly due: boolean;
  readonly lines: number;
  readonly total: number;
  /** ISO 8601, null before the first. */
  readonly last_at: string | null;
}

/** Months in which this share of the lines came since are rewritten; the nightly refresh takes smaller shares too. */
const looseShareMin = 0.25;
const backlogMax = 20_000;

/** Brings lines into order soon after much has been loaded, so that reports need not wait for the night. */
export class BackgroundCompaction {
  readonly #options: BackgroundCompactionOptions;
  readonly #ordersMin: number;
  readonly #stopping = new AbortController();
  readonly #timer: NodeJS.Timeout;
  #running: Promise<void> | undefined;
  #orders = 0;
  #lines = 0;
  #total = 0;
  #lastAt: string | null = null;

  constructor(options: BackgroundCompactionOptions) {
    this.#options = options;
    this.#ordersMin = options.ordersMin ?? 100_000;
    this.#timer = setInterval(() => this.#look(), options.everyMs ?? 2_000);
    this.#timer.unref();
  }

  /** Told of every load. */
  loaded(orders: number): void {
    this.#orders += orders;
  }

  status(): CompactionStatus {
    const [running, due] = [this.#running !== undefined, this.#orders >= this.#ordersMin];
    return { running, due, lines: this.#lines, total: this.#total, last_at: this.#lastAt };
  }

  /** Resolves when nothing moves any more; what is not yet in order is next time. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#stopping.abort();
    await this.#running;
  }

  #look(): void {
    if (this.#running || this.#orders < this.#ordersMin || this.#options.backlog() > backlogMax) return;
    this.#running = this.#run().finally(() => {
      this.#running = undefined;
    });
  }

  async #run(): Promise<void> {
    const { warehouse, log, now } = this.#options;
    this.#orders = 0;
    [this.#lines, this.#total] = [0, 0];
    const startedMs = now();
    try {
      const { months, lines } = await warehouse.compact({
        looseShareMin,
        signal: this.#stopping.signal,
        onProgress: (done, total) => {
          [this.#lines, this.#total] = [done, total];
        },
      });
      this.#lastAt = new Date(now()).toISOString();
      if (lines > 0) log.info({ months, lines, ms: now() - startedMs }, 'lines brought into order');
    } catch (error) {
      log.error({ err: error }, 'bringing lines into order failed; it is tried again after the next loads');
    }
  }
}
