import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Problem } from '../src/contract/answers.ts';
import type { Fault } from '../src/contract/errors.ts';
import { batchLinesMax, postBatch } from './batch-poster.ts';
import type { Chain } from './chain.ts';
import type { Profile } from './demand.ts';
import { HttpClient } from './http-client.ts';
import { type Post, writeOrder } from './order-draft.ts';
import { postsFrom } from './post-schedule.ts';
import { crowdsOf } from './store-orders.ts';

/** What became of one posting. */
export interface LiveOrder {
  readonly orderId: string;
  readonly revision: number;
  readonly storeId: string;
  readonly state: string;
  readonly accepted: boolean;
  /** Why not, when it was not accepted. */
  readonly errors: readonly Fault[];
}

export interface LiveSummary {
  readonly accepted: number;
  readonly rejected: number;
  /** Further attempts after failed connections and busy answers, and after the till's patience ended. */
  readonly retries: number;
}

export interface LiveOptions {
  readonly chain: Chain;
  readonly url: string;
  /** Above 0; 1 is the demand of the chain, 2 twice as many orders. Default 1. */
  readonly rate?: number;
  readonly profile?: Profile;
  /** What was sent since then, as milliseconds of the epoch, is posted first; default now. */
  readonly sinceMs?: number;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Milliseconds of the epoch; default the clock of the machine. */
  readonly now?: () => number;
  readonly signal: AbortSignal;
  readonly onOrder?: (order: LiveOrder) => void;
  readonly onRetry?: ((reason: string) => void) | undefined;
}

const requestsInFlight = 64;
/** Orders that should have been sent so long ago are sent together. */
const staleMs = 30_000;
const sleepMsMax = 1_000;

/**
 * Posts each order when the clock reaches it, until the signal says stop. When the server is away, orders wait, and
 * go out when it is back; an order that is refused is reported, and the others go on.
 *
 * @throws RefusedError when the server refuses a whole batch of waiting orders, such as for a missing key
 */
export async function runLive(options: LiveOptions): Promise<LiveSummary> {
  const { chain, rate = 1, profile = 'normal', now = Date.now, sinceMs = now(), signal } = options;
  const tills = new Tills(options);
  const schedule = postsFrom(chain, crowdsOf(rate, profile), sinceMs);
  try {
    let next = schedule.next();
    while (!signal.aborted) {
      const hour = await next;
      if (hour.done) break;
      next = schedule.next();
      await tills.postHour(hour.value);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    await tills.close();
  }
  return tills.summary;
}

class Tills {
  readonly #options: LiveOptions;
  readonly #client: HttpClient;
  readonly #now: () => number;
  readonly #inFlight = new Set<Promise<void>>();
  #accepted = 0;
  #rejected = 0;
  #retries = 0;
  #failure: unknown;

  constructor(options: LiveOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    setMaxListeners(2 * requestsInFlight, options.signal);
    const onRetry = (reason: string) => {
      this.#retries++;
      options.onRetry?.(reason);
    };
    this.#client = new HttpClient({ ...options, connections: requestsInFlight, onRetry });
  }

  get summary(): LiveSummary {
    return { accepted: this.#accepted, rejected: this.#rejected, retries: this.#retries };
  }

  /** @param posts by time of sending */
  async postHour(posts: readonly Post[]): Promise<void> {
    const { signal } = this.#options;
    let index = 0;
    while (index < posts.length) {
      signal.throwIfAborted();
      if (this.#failure !== undefined) throw this.#failure;
      const stale = staleCount(posts, index, this.#now() - staleMs);
      if (stale > 0) {
        await this.#postTogether(posts.slice(index, index + stale));
        index += stale;
        continue;
      }
      const post = posts[index] as Post;
      const waitMs = post.sentAtMs - this.#now();
      if (waitMs > 0) {
        await sleep(Math.min(waitMs, sleepMsMax), undefined, { signal });
        continue;
      }
      while (this.#inFlight.size >= requestsInFlight) await Promise.race(this.#inFlight);
      this.#launch(post);
      index++;
    }
  }

  /** Waits for what is on its way, then hangs up. */
  async close(): Promise<void> {
    await Promise.allSettled(this.#inFlight);
    this.#client.close();
  }

  #launch(post: Post): void {
    const sending = this.#post(post).catch((error: unknown) => {
      this.#failure ??= error;
    });
    this.#inFlight.add(sending);
    void sending.then(() => this.#inFlight.delete(sending));
  }

  async #post(post: Post): Promise<void> {
    const { signal } = this.#options;
    const asked = {
      method: 'POST',
      path: '/v1/orders',
      contentType: 'application/json',
      body: writeOrder(post),
    } as const;
    if (post.timesOut) {
      await this.#client.sendAndHangUp(asked, signal);
      this.#retries++;
    }
    const answer = await this.#client.sendPatiently(asked, signal);
    this.#report(post, answer.status === 202 ? undefined : readFaults(answer.status, answer.body));
  }

  async #postTogether(posts: readonly Post[]): Promise<void> {
    const nowMs = this.#now();
    const body = Buffer.from(posts.map((post) => `${writeOrder(post, nowMs)}\n`).join(''));
    const { rejected } = await postBatch(this.#client, { body, lines: posts.length }, this.#options.signal);
    const faults = new Map(rejected.map(({ line, errors }) => [line, errors]));
    posts.forEach((post, index) => {
      this.#report(post, faults.get(index + 1));
    });
  }

  #report({ draft: { orderId, store }, revision }: Post, errors?: readonly Fault[]): void {
    const accepted = errors === undefined;
    if (accepted) this.#accepted++;
    else this.#rejected++;
    this.#options.onOrder?.({
      orderId,
      revision,
      storeId: store.storeId,
      state: store.place.state,
      accepted,
      errors: errors ?? [],
    });
  }
}

function staleCount(posts: readonly Post[], from: number, limitMs: number): number {
  let end = from;
  while (end < posts.length && end - from < batchLinesMax && (posts[end] as Post).sentAtMs < limitMs) end++;
  return end - from;
}

function readFaults(status: number, body: string): readonly Fault[] {
  try {
    const { detail, errors = [] } = JSON.parse(body) as Problem;
    return errors.length > 0 ? errors : [{ path: '', message: detail }];
  } catch {
    return [{ path: '', message: `The server answered ${status}.` }];
  }
}
