import { setTimeout as sleep } from 'node:timers/promises';
import { SourceError } from '../source.ts';
import { explain, isTransient, messageOf } from './failures.ts';

/** How often to try again without getting any further, and how long to wait: twice as long each time. */
export interface RetryPolicy {
  readonly attemptsMax: number;
  readonly firstWaitMs: number;
  readonly waitMsMax: number;
}

/** Gives a server about a minute to come back. */
export const defaultRetry: RetryPolicy = { attemptsMax: 8, firstWaitMs: 500, waitMsMax: 15_000 };

/** Counts the attempts of one read. */
export class Attempts {
  readonly #policy: RetryPolicy;
  readonly #place: string;
  readonly #signal: AbortSignal | undefined;
  #failed = 0;
  #since = performance.now();

  constructor(policy: RetryPolicy, place: string, signal: AbortSignal | undefined) {
    this.#policy = policy;
    this.#place = place;
    this.#signal = signal;
  }

  /** Rows came: what failed before does not count any more. */
  progressed(): void {
    this.#failed = 0;
    this.#since = performance.now();
  }

  /**
   * Waits until the next attempt.
   *
   * @throws SourceError when the failure will stay, or has stayed for too long
   */
  async failed(error: unknown): Promise<void> {
    this.#signal?.throwIfAborted();
    if (!isTransient(error)) throw explain(error, this.#place);
    this.#failed += 1;
    const { attemptsMax, firstWaitMs, waitMsMax } = this.#policy;
    if (this.#failed >= attemptsMax) {
      const seconds = Math.round((performance.now() - this.#since) / 1000);
      const tried = `tried ${this.#failed} times in ${seconds} s`;
      throw new SourceError(`${this.#place} does not answer (${tried}): ${messageOf(error)}`, {
        kind: 'unavailable',
        cause: error,
      });
    }
    await sleep(Math.min(firstWaitMs * 2 ** (this.#failed - 1), waitMsMax), undefined, { signal: this.#signal });
  }
}
