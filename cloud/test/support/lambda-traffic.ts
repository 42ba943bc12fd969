import { type Chain, createChain } from '../../../simulator/chain.ts';
import { postsOf, writeOrder } from '../../../simulator/order-draft.ts';
import { Random } from '../../../simulator/random.ts';
import { storesOf } from '../../../simulator/reference.ts';
import { ordersOfStoreDay } from '../../../simulator/store-orders.ts';
import type { Store } from '../../../src/contract/reference.ts';

/** One request to `POST /v1/orders`. */
export interface OrderRequest {
  readonly contentType: 'application/json' | 'application/x-ndjson';
  readonly body: Buffer;
}

/** What a chain sends, and what is known of its stores. */
export interface Traffic {
  readonly stores: readonly Store[];
  /** Orders without further revisions, duplicates and records that cannot be taken. */
  readonly orders: number;
  /** Lines that are sent, good or not. */
  readonly lines: number;
  readonly rejects: number;
  readonly requests: readonly OrderRequest[];
}

const days = ['2026-02-07', '2026-02-08', '2026-02-09'];
const linesMax = 40;
/** Of a store's orders of a day, so that a thousand are of many states. */
const oneOf = 8;

/** Records that cannot be taken, each another way. */
const bad = [
  '{"order_id":"broken"',
  '{"order_id":"no-lines","ordered_at":"2026-02-08T12:00:00-06:00","store_id":"s","channel":"delivery","lines":[]}',
  '[]',
  '"a text"',
  '{"order_id":"late","ordered_at":"2026-02-30T12:00:00-06:00","store_id":"s","channel":"delivery","lines":[{"kind":"side","quantity":1,"unit_price_cents":1}]}',
  '{"order_id":"minus","ordered_at":"2026-02-08T12:00:00-06:00","store_id":"s","channel":"delivery","lines":[{"kind":"side","quantity":-1,"unit_price_cents":1}]}',
];

/**
 * So many orders of a simulated chain with everything that becomes of some of them (amended, voided, sent twice), and
 * records that cannot be taken, mixed and cut into requests of one order or many. The same seed gives the same.
 */
export function simulatedTraffic(orders: number, seed: number): Traffic {
  const chain = createChain({ seed, stores: 60 });
  const [good, count] = linesOf(chain, orders);
  const rejects = [...bad, ...bad].map((line, index) => Buffer.from(index < bad.length ? line : `${line} `));
  // Bytes that are no text have to arrive as they are.
  rejects.push(Buffer.from([0x7b, 0xff, 0xfe, 0x7d]));
  const random = new Random(seed);
  const mixed = shuffled([...good, ...rejects], random);
  const requests: OrderRequest[] = [];
  for (let at = 0; at < mixed.length; ) {
    const lines = mixed.slice(at, at + 1 + (random.next() < 0.3 ? 0 : random.below(linesMax)));
    requests.push(requestOf(lines));
    at += lines.length;
  }
  return { stores: storesOf(chain), orders: count, lines: mixed.length, rejects: rejects.length, requests };
}

function requestOf(lines: readonly Buffer[]): OrderRequest {
  const [one] = lines;
  if (one && lines.length === 1) return { contentType: 'application/json', body: one };
  return {
    contentType: 'application/x-ndjson',
    body: Buffer.concat(lines.flatMap((line) => [line, Buffer.from('\n')])),
  };
}

function linesOf(chain: Chain, ordersMax: number): [lines: Buffer[], orders: number] {
  const lines: Buffer[] = [];
  let orders = 0;
  const known = Date.parse('2026-02-12T00:00:00Z');
  for (const date of days) {
    for (const store of chain.stores) {
      for (const draft of ordersOfStoreDay(chain, store, date).filter((_, index) => index % oneOf === 0)) {
        if (orders === ordersMax) return [lines, orders];
        orders += 1;
        for (const post of postsOf(draft)) lines.push(Buffer.from(writeOrder(post, known)));
      }
    }
  }
  return [lines, orders];
}

/** The same things in another order. */
export function shuffled<T>(things: readonly T[], random: Random): T[] {
  const mixed = [...things];
  for (let last = mixed.length - 1; last > 0; last -= 1) {
    const other = random.below(last + 1);
    [mixed[last], mixed[other]] = [mixed[other] as T, mixed[last] as T];
  }
  return mixed;
}
