import { setTimeout as sleep } from 'node:timers/promises';

/** When to try again, and for how long. */
export interface RetryOptions {
  readonly isRetryable: (error: unknown) => boolean;
  /** Before the second try, milliseconds; it doubles from try to try, up to `waitMsMax`. */
  readonly firstWaitMs: number;
  readonly signal?: AbortSignal | undefined;
}

const triesMax = 8;
const waitMsMax = 5_000;

/**
 * Runs something until it succeeds, at most 8 times, with growing waits of which half is chance, so that two who
 * met do not meet again.
 *
 * @throws the last error, or at once one that is not retryable, or the signal's reason
 */
export async function retrying<T>(run: () => Promise<T>, options: RetryOptions): Promise<T> {
  for (let tries = 1, waitMs = options.firstWaitMs; ; tries += 1, waitMs = Math.min(waitMs * 2, waitMsMax)) {
    try {
      return await run();
    } catch (error) {
      if (tries === triesMax || !options.isRetryable(error)) throw error;
    }
    const pause = sleep(
      waitMs / 2 + (Math.random() * waitMs) / 2,
      undefined,
      options.signal && { signal: options.signal },
    );
    await pause.catch(() => options.signal?.throwIfAborted());
  }
}
