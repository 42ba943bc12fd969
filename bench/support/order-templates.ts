import { dateOf, dayMs } from '../../simulator/calendar.ts';
import { createChain } from '../../simulator/chain.ts';
import { type Post, writeOrder } from '../../simulator/order-draft.ts';
import { ordersOfStoreDay } from '../../simulator/store-orders.ts';

const digits = 12;
const zero = '0'.charCodeAt(0);
const placeholder = '0'.repeat(digits);
/** Where an order's number stands in its body. */
const numberAt = `{"order_id":"`.length;

/**
 * The bodies of so many orders of a simulated chain, each with a twelve-digit number as its order_id, which
 * `numberOrder` sets. From all stores, so that states, menus and customers are mixed as in a live stream.
 */
export function orderTemplates(count: number): Buffer[] {
  const chain = createChain({ seed: 1, stores: 300 });
  const date = dateOf(Math.floor(Date.now() / dayMs) - 1);
  const perStore = Math.ceil(count / chain.stores.length);
  const drafts = chain.stores.flatMap((store) => ordersOfStoreDay(chain, store, date).slice(0, perStore));
  return drafts.slice(0, count).map((draft) => {
    const post: Post = {
      draft: { ...draft, orderId: placeholder },
      revision: 1,
      voided: false,
      first: true,
      sentAtMs: draft.orderedAtMs,
      timesOut: false,
    };
    return Buffer.from(writeOrder(post));
  });
}

/** Writes an order's number into a body that starts at `offset` of a buffer. */
export function numberOrder(buffer: Buffer, offset: number, number: number): void {
  let rest = number;
  for (let at = offset + numberAt + digits - 1; rest > 0; at -= 1) {
    buffer[at] = zero + (rest % 10);
    rest = Math.floor(rest / 10);
  }
}
