import { SlicehouseError } from '../contract/errors.ts';

const idsMax = 10_000;
const sweepEveryMs = 1_000;
const patienceMs = 10_000;

/** Tells which of these records still wait in quarantine, as far as has been loaded. */
export type StillWaiting = (ids: readonly string[]) => Promise<ReadonlySet<string>>;

/**
 * Records that are being taken out of quarantine: from before their state is read until the warehouse knows what
 * became of them, so that none is taken out twice. Holds 10,000 at the most.
 */
export class UnderWay {
  readonly #stillWaiting: StillWaiting;
  readonly #ids = new Set<string>();
  /** Record -> the key of an order that it may have become, by a write that failed and could not be undone. */
  readonly #doubts = new Map<string, string>();
  #sweeping: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(stillWaiting: StillWaiting) {
    this.#stillWaiting = stillWaiting;
  }

  /** False when somebody else has it. */
  reserve(id: string): boolean {
    if (this.#ids.has(id)) return false;
    this.#ids.add(id);
    this.#arm();
    return true;
  }

  /** Says that nothing was written of it. */
  release(id: string): void {
    this.#ids.delete(id);
  }

  doubt(id: string, orderKey: string): void {
    this.#doubts.set(id, orderKey);
  }

  /** Whether it may have become another order than this one. */
  mayBeAnother(id: string, orderKey: string): boolean {
    const doubtful = this.#doubts.get(id);
    return doubtful !== undefined && doubtful !== orderKey;
  }

  /**
   * Waits until there is room for so many more.
   *
   * @throws SlicehouseError `overloaded` when loading does not get on for ten seconds
   */
  async makeRoom(count: number): Promise<void> {
    const endMs = performance.now() + patienceMs;
    while (this.#ids.size + this.#doubts.size + count > idsMax) {
      await this.#sweep();
      if (performance.now() > endMs) {
        const detail = 'Loading is behind: too many records are on their way out of quarantine. Try again.';
        throw new SlicehouseError('overloaded', detail, { retryAfterSeconds: 5 });
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await this.#sweeping;
  }

  /** Forgets those that the warehouse knows to be out. */
  #sweep(): Promise<void> {
    this.#sweeping ??= this.#forget().finally(() => {
      this.#sweeping = undefined;
    });
    return this.#sweeping;
  }

  async #forget(): Promise<void> {
    const ids = [...new Set([...this.#ids, ...this.#doubts.keys()])];
    const waiting = await this.#stillWaiting(ids).catch(() => new Set(ids));
    for (const id of ids) {
      if (waiting.has(id)) continue;
      this.#ids.delete(id);
      this.#doubts.delete(id);
    }
  }

  #arm(): void {
    if (this.#timer || this.#isClosed) return;
    this.#timer = setTimeout(async () => {
      await this.#sweep();
      this.#timer = undefined;
      if (this.#ids.size > 0) this.#arm();
    }, sweepEveryMs);
    this.#timer.unref();
  }
}
