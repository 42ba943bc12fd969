import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { hourMs } from './business-hours.ts';
import { dateOf, dayOf } from './calendar.ts';
import type { Chain } from './chain.ts';
import { LoadConnection } from './load-connection.ts';
import { type OrderDraft, type Post, postsOf, writeOrder } from './order-draft.ts';
import { ordersOfStoreDay } from './store-orders.ts';

/** A posting that the server answered with 202. */
interface Acknowledged {
  readonly orderId: string;
  readonly revision: number;
  readonly voided: boolean;
}

export interface LoadOptions {
  readonly chain: Chain;
  readonly url: string;
  /** Postings a second, evenly spread; Infinity posts as fast as the server answers. */
  readonly ordersPerSecond: number;
  /** How long to go on; default until the signal says stop. */
  readonly seconds?: number;
  /** Connections, each with one request at a time; default 64. */
  readonly connections?: number;
  /** Starts every order_id, so that runs against one server do not meet; default `load`. */
  readonly run?: string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly signal?: AbortSignal;
  readonly onAcknowledged?: (acknowledged: Acknowledged) => void;
}

export interface LoadSummary {
  readonly acknowledged: number;
  /** Answered with another 4xx than 429. */
  readonly rejected: number;
  /** Further attempts after broken connections, 429 and 5xx. */
  readonly retries: number;
  readonly seconds: number;
  /** From the moment a posting was due until its 202, milliseconds; NaN when there was none. */
  readonly latencyMs: { readonly p50: number; readonly p99: number; readonly max: number };
}

/**
 * Posts single orders as fast as asked and measures how long they take. Orders are those of the chain, stamped with
 * the present; those that a broken connection leaves open are posted again until they are answered.
 */
export async function runLoad(options: LoadOptions): Promise<LoadSummary> {
  const { connections = 64, signal } = options;
  if (signal) setMaxListeners(2 * connections, signal);
  const load = new Load(options);
  await Promise.all(Array.from({ length: connections }, () => load.serve()));
  return load.summary();
}

const retryMs = 50;

class Load {
  readonly #options: LoadOptions;
  readonly #posts: Iterator<Post, void>;
  readonly #latencies: number[] = [];
  readonly #startedMs = performance.now();
  readonly #endMs: number;
  #taken = 0;
  #rejected = 0;
  #retries = 0;

  constructor(options: LoadOptions) {
    this.#options = options;
    this.#endMs = this.#startedMs + (options.seconds ?? Number.POSITIVE_INFINITY) * 1000;
    this.#posts = endlessPosts(options.chain, options.run ?? 'load');
  }

  /** One connection's work: takes the next posting when it is due, until the end. */
  async serve(): Promise<void> {
    const { url, headers = {}, signal } = this.#options;
    const connection = new LoadConnection(url, '/v1/orders', headers);
    try {
      while (!signal?.aborted) {
        const now = performance.now();
        const dueMs = this.#nextDueMs(now);
        if (Math.max(dueMs, now) >= this.#endMs) return;
        const early = dueMs > now;
        if (early) await this.#sleep(dueMs - now);
        const post = this.#posts.next().value;
        // A posting that found no free connection has waited since it was due; how late a timer is, is not counted.
        if (post !== undefined) await this.#deliver(connection, post, early ? performance.now() : dueMs);
      }
    } catch (error) {
      if (!signal?.aborted) throw error;
    } finally {
      connection.close();
    }
  }

  summary(): LoadSummary {
    const sorted = Float64Array.from(this.#latencies).sort();
    const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
    return {
      acknowledged: sorted.length,
      rejected: this.#rejected,
      retries: this.#retries,
      seconds: (performance.now() - this.#startedMs) / 1000,
      latencyMs: { p50: at(0.5), p99: at(0.99), max: at(1) },
    };
  }

  #sleep(ms: number): Promise<void> {
    const { signal } = this.#options;
    return sleep(ms, undefined, signal ? { signal } : {});
  }

  #nextDueMs(now: number): number {
    const { ordersPerSecond } = this.#options;
    return Number.isFinite(ordersPerSecond) ? this.#startedMs + (this.#taken++ * 1000) / ordersPerSecond : now;
  }

  async #deliver(connection: LoadConnection, post: Post, fromMs: number): Promise<void> {
    const { signal, onAcknowledged } = this.#options;
    const body = writeOrder(post);
    while (!signal?.aborted) {
      const answer = await connection.post(body).catch(() => undefined);
      if (answer?.status === 202) {
        this.#latencies.push(performance.now() - fromMs);
        const { draft, revision, voided } = post;
        onAcknowledged?.({ orderId: draft.orderId, revision, voided });
        return;
      }
      if (answer !== undefined && answer.status < 500 && answer.status !== 429) {
        this.#rejected++;
        return;
      }
      this.#retries++;
      await this.#sleep((answer?.retryAfterSeconds ?? 0) * 1000 || retryMs);
    }
  }
}

/** The chain's orders of yesterday and the days before, with all that befalls them, as if they came now. */
function* endlessPosts(chain: Chain, run: string): Generator<Post, void> {
  let number = 0;
  const offsets = new Map(
    chain.stores.map(({ place: { timeZone } }) => {
      return [timeZone, chain.businessHours.offsetMinutes(timeZone, Math.floor(Date.now() / hourMs))];
    }),
  );
  for (const draft of endlessDrafts(chain)) {
    const stamped = {
      ...draft,
      orderId: `${run}-${++number}`,
      orderedAtMs: Math.floor(Date.now() / 1000) * 1000,
      offsetMinutes: offsets.get(draft.store.place.timeZone) ?? 0,
    };
    for (const post of postsOf(stamped)) yield { ...post, sentAtMs: stamped.orderedAtMs };
  }
}

function* endlessDrafts(chain: Chain): Generator<OrderDraft, void> {
  const today = dayOf(new Date().toISOString().slice(0, 10));
  for (let day = today - 1; ; day--) {
    for (const store of chain.stores) yield* ordersOfStoreDay(chain, store, dateOf(day));
  }
}
