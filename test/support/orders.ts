import type { DeliveredOrder } from '../../src/contract/delivered-order.ts';
import type { Order, OrderLine } from '../../src/contract/order.ts';
import { createVocabulary, defaultSynonyms } from '../../src/contract/vocabulary.ts';
import { orderIdentity } from '../../src/ingest/order-identity.ts';
import { prepareOrder, TermCache } from '../../src/ingest/prepare-order.ts';

const terms = new TermCache(createVocabulary(defaultSynonyms));

/** A pizza line: one thin pepperoni at 10 dollars unless the changes say otherwise. */
export function aPizza(changes: Partial<OrderLine> = {}): OrderLine {
  return { kind: 'pizza', crust: 'thin', toppings: ['pepperoni'], quantity: 1, unit_price_cents: 1000, ...changes };
}

/** A good order of a store nobody knows yet, delivered in Texas; `changes` may be anything a test wants to post. */
export function anOrder<Changes extends object = object>(changes?: Changes): Order & Changes {
  const order: Order = {
    order_id: 'A-1',
    ordered_at: '2026-02-08T18:31:07-06:00',
    store_id: 's-1',
    channel: 'delivery',
    deliver_to: { state: 'TX', city: 'Austin', zip: '78704' },
    lines: [aPizza()],
  };
  return { ...order, ...changes } as Order & Changes;
}

/** The order as a segment file carries it. */
export function delivered(
  order: Order,
  source = 'default',
  acceptedAtMs = Date.UTC(2026, 1, 9, 0, 31, 8),
): DeliveredOrder {
  const identity = orderIdentity(source, order.order_id, order.revision ?? 1);
  return { ...prepareOrder(order, identity, source, terms), accepted_at_ms: acceptedAtMs };
}
