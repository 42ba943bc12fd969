import { setTimeout as sleep } from 'node:timers/promises';
import type { OrderAnswer } from '../../src/contract/answers.ts';
import type { Order } from '../../src/contract/order.ts';
import type { ReportAnswer, SalesSummaryRow } from '../../src/contract/report.ts';
import { askJson } from './http.ts';

/** No store, address or customer tells their state, so that a report on `unresolved` counts probes alone. */
const probe: Omit<Order, 'order_id' | 'ordered_at'> = {
  store_id: 'a-store-nobody-knows',
  channel: 'carryout',
  lines: [{ kind: 'pizza', quantity: 1, unit_price_cents: 1_000 }],
};
const everyMs = 50;
const visibleMsMax = 30_000;

/**
 * Freshness as it is seen from outside: posts an order every 50 ms, asks for a report after each event that says
 * there is something new, and takes the time from before the post until the report that counts the order has
 * arrived. Milliseconds, one value an order.
 *
 * @throws Error when an order is not in the report half a minute after its post
 */
export async function probeFreshness(url: string, seconds: number): Promise<number[]> {
  const stop = new AbortController();
  const watch = new Watch(url);
  const watching = watch.run(await watch.listen(stop.signal));
  watching.catch(() => undefined);
  try {
    const posting = post(url, seconds, watch);
    posting.catch(() => undefined);
    await Promise.race([posting, watching]);
    await Promise.race([watch.untilNothingWaits(), watching]);
    return watch.freshnessMs;
  } finally {
    stop.abort();
    await watching.catch(() => undefined);
  }
}

async function post(url: string, seconds: number, watch: Watch): Promise<void> {
  const startMs = performance.now();
  const run = Date.now();
  for (let number = 0; ; number += 1) {
    const waitMs = startMs + number * everyMs - performance.now();
    if (number * everyMs >= seconds * 1000) return;
    if (waitMs > 0) await sleep(waitMs);
    const order: Order = { order_id: `probe-${run}-${number}`, ordered_at: new Date().toISOString(), ...probe };
    watch.posted(performance.now());
    const body = JSON.stringify(order);
    await askJson<OrderAnswer>(`${url}/v1/orders`, { method: 'POST', contentType: 'application/json', body });
  }
}

/** What is posted and not yet counted, oldest first: probes are posted one after the other, and so counted in order. */
class Watch {
  readonly freshnessMs: number[] = [];
  readonly #url: string;
  readonly #waiting: number[] = [];
  #counted = 0;

  constructor(url: string) {
    this.#url = url;
  }

  posted(atMs: number): void {
    this.#waiting.push(atMs);
  }

  async untilNothingWaits(): Promise<void> {
    const endMs = performance.now() + visibleMsMax;
    while (this.#waiting.length > 0) {
      if (performance.now() > endMs) throw new Error(`${this.#waiting.length} orders were not counted in time.`);
      await sleep(10);
    }
  }

  /** Looks at what is counted already and opens the stream of events, until the signal says stop. */
  async listen(signal: AbortSignal): Promise<Response> {
    this.#counted = await this.#count();
    return fetch(`${this.#url}/v1/events`, { signal });
  }

  /** Looks again after each event that says there is something new. */
  async run({ body }: Response): Promise<void> {
    const decoder = new TextDecoder();
    for await (const chunk of body ?? []) {
      if (decoder.decode(chunk).includes('event: visible')) await this.#look();
    }
    throw new Error('The stream of events ended.');
  }

  async #look(): Promise<void> {
    const counted = await this.#count();
    const nowMs = performance.now();
    for (const postedMs of this.#waiting.splice(0, counted - this.#counted)) this.freshnessMs.push(nowMs - postedMs);
    this.#counted = counted;
  }

  async #count(): Promise<number> {
    const answer = await askJson<ReportAnswer<SalesSummaryRow>>(
      `${this.#url}/v1/reports/sales-summary?state=unresolved`,
    );
    return answer.rows[0]?.orders ?? 0;
  }
}
