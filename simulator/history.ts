import { type Batch, batchBytesMax, batchLinesMax, postBatch } from './batch-poster.ts';
import { hourMs } from './business-hours.ts';
import { type DayNumber, dateOf, dayMs, dayOf, holidayOf, levelOf } from './calendar.ts';
import type { Chain, ChainStore } from './chain.ts';
import { expectedOrders } from './demand.ts';
import { HttpClient } from './http-client.ts';
import { type Post, postsOf, writeOrder } from './order-draft.ts';
import { ordersOfStoreDay } from './store-orders.ts';

export interface HistoryProgress {
  /** Business date that was posted last. */
  readonly date: string;
  /** Orders, without duplicates and further revisions. */
  readonly ordersPosted: number;
  /** An estimate, within a few percent. */
  readonly ordersExpected: number;
  /** Lines, with duplicates and further revisions. */
  readonly recordsPosted: number;
  readonly recordsRejected: number;
}

export interface HistoryOptions {
  readonly chain: Chain;
  readonly url: string;
  /** First and last business date, `YYYY-MM-DD`. */
  readonly from: string;
  readonly to: string;
  /** What was sent later than this is left to the live orders; default now. */
  readonly untilMs?: number;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly signal?: AbortSignal;
  readonly onRetry?: ((reason: string) => void) | undefined;
  readonly onProgress?: (progress: HistoryProgress) => void;
}

const requestsInFlight = 2;

/**
 * Posts the past of a chain, the newest day first, so that what a manager looks at is there at once.
 *
 * @throws RefusedError when the server refuses a whole request; the reason of the signal when it is aborted
 */
export async function postHistory(options: HistoryOptions): Promise<HistoryProgress> {
  const { url, headers, signal, onRetry, onProgress } = options;
  const client = new HttpClient({ url, headers, connections: requestsInFlight, onRetry });
  let progress: HistoryProgress = {
    date: options.to,
    ordersPosted: 0,
    ordersExpected: expectedHistoryOrders(options),
    recordsPosted: 0,
    recordsRejected: 0,
  };
  const batches = historyBatches(options);
  const postAll = async () => {
    for (const batch of batches) {
      const { accepted, rejected } = await postBatch(client, batch, signal);
      progress = {
        ...progress,
        date: batch.date,
        ordersPosted: progress.ordersPosted + batch.orders,
        recordsPosted: progress.recordsPosted + accepted,
        recordsRejected: progress.recordsRejected + rejected.length,
      };
      onProgress?.(progress);
    }
  };
  try {
    // Each worker takes the next batch from the one generator when its request is answered.
    await Promise.all(Array.from({ length: requestsInFlight }, postAll));
    return progress;
  } finally {
    client.close();
  }
}

function expectedHistoryOrders({ chain, from, to, untilMs = Date.now() }: HistoryOptions): number {
  const daily = chain.stores.reduce((sum, { ordersPerDay }) => sum + ordersPerDay, 0);
  let orders = 0;
  for (let day = dayOf(from); day <= dayOf(to); day++) {
    const over = (day + 2) * dayMs < untilMs;
    orders += over ? daily * levelOf(day, holidayOf(day)) : expectedSoFar(chain, day, untilMs);
  }
  return Math.round(orders);
}

/** A day that is not over at every store. */
function expectedSoFar(chain: Chain, day: DayNumber, untilMs: number): number {
  return chain.stores.reduce((sum, store) => {
    const hours = chain.businessHours.of(store.place.timeZone, day);
    const expected = expectedOrders(chain.seed, store, day, hours, 'normal');
    const past = hours.filter(({ utcHour }) => utcHour * hourMs < untilMs).length;
    return expected.slice(0, past).reduce((total, orders) => total + orders, sum);
  }, 0);
}

interface HistoryBatch extends Batch {
  readonly date: string;
  readonly orders: number;
}

function* historyBatches(options: HistoryOptions): Generator<HistoryBatch, void> {
  const { untilMs = Date.now() } = options;
  let [parts, lines, orders, bytes]: [Buffer[], number, number, number] = [[], 0, 0, 0];
  for (const { date, posts } of storeDays(options)) {
    const sent = posts.filter(({ sentAtMs }) => sentAtMs < untilMs);
    // Bytes at once: thousands of strings in the making would keep the garbage collector busy.
    const part = Buffer.from(sent.map((post) => `${writeOrder(post, untilMs)}\n`).join(''));
    parts.push(part);
    bytes += part.length;
    lines += sent.length;
    orders += sent.filter(({ first }) => first).length;
    // A store's day is far smaller than the room that these limits leave.
    if (lines > batchLinesMax || bytes > batchBytesMax) {
      yield { date, body: Buffer.concat(parts), lines, orders };
      [parts, lines, orders, bytes] = [[], 0, 0, 0];
    }
  }
  if (lines > 0) yield { date: options.from, body: Buffer.concat(parts), lines, orders };
}

function* storeDays({ chain, from, to }: HistoryOptions): Generator<{ date: string; posts: readonly Post[] }, void> {
  for (let day = dayOf(to); day >= dayOf(from); day--) {
    const date = dateOf(day);
    for (const store of chain.stores) yield { date, posts: storeDayPosts(chain, store, date) };
  }
}

/** All orders of a day as they were placed, then what became of some of them. */
function storeDayPosts(chain: Chain, store: ChainStore, date: string): Post[] {
  const posts: Post[] = [];
  const further: Post[] = [];
  for (const draft of ordersOfStoreDay(chain, store, date)) {
    for (const post of postsOf(draft)) (post.first ? posts : further).push(post);
  }
  return posts.concat(further);
}
