import { combinationOf } from '../contract/combination.ts';
import type { DeliveredLines, DeliveredOrder } from '../contract/delivered-order.ts';
import { parseInstant } from '../contract/instant.ts';
import type { Order, OrderLine } from '../contract/order.ts';
import { shareDiscount } from '../contract/share-discount.ts';
import { stateCode } from '../contract/states.ts';
import type { Vocabulary } from '../contract/vocabulary.ts';
import type { OrderIdentity } from './order-identity.ts';

/**
 * Combination keys and sizes as written -> canonical, remembered, because the same few pizzas are sold over and
 * over. Emptied when full: the next orders fill it again.
 */
export class TermCache {
  readonly #vocabulary: Vocabulary;
  readonly #combinations = new Map<string, string>();
  readonly #sizes = new Map<string, string>();

  constructor(vocabulary: Vocabulary) {
    this.#vocabulary = vocabulary;
  }

  combination(line: OrderLine): string {
    // Only what the key is made of: members that nobody knows may be large, deep or different every time.
    let written = mark(line.crust) + mark(line.sauce) + mark(line.cheese);
    for (const topping of line.toppings ?? []) {
      if (typeof topping === 'string') written += mark(topping);
      else written += `+${mark(topping.name)}${mark(topping.portion)}${mark(topping.amount)}`;
    }
    return remember(this.#combinations, written, () => combinationOf(line, this.#vocabulary).key);
  }

  size(written: string | undefined): string {
    if (written === undefined) return 'unspecified';
    return remember(this.#sizes, written, () => this.#vocabulary.term('size', written));
  }
}

/** A text that may be absent, so that no two lists of them look the same: no text of an order has a NUL in it. */
function mark(text: string | undefined): string {
  return text === undefined ? '\0' : `=${text}\0`;
}

const rememberedMax = 50_000;

function remember(known: Map<string, string>, written: string, compute: () => string): string {
  const found = known.get(written);
  if (found !== undefined) return found;
  if (known.size >= rememberedMax) known.clear();
  const term = compute();
  known.set(written, term);
  return term;
}

/** A checked order in the form that segment files carry; `stamped` adds the time it is accepted. */
export function prepareOrder(
  order: Order,
  identity: OrderIdentity,
  source: string,
  terms: TermCache,
): Omit<DeliveredOrder, 'accepted_at_ms'> {
  const orderedAt = parseInstant(order.ordered_at);
  if (!orderedAt) throw new Error('Only checked orders can be prepared.');
  const to = order.deliver_to;
  return {
    type: 'order',
    order_key: identity.orderKey,
    source,
    order_id: order.order_id,
    revision: order.revision ?? 1,
    status: order.status ?? 'placed',
    ordered_at_ms: orderedAt.epochMs,
    utc_offset_minutes: orderedAt.offsetMinutes,
    store_id: order.store_id,
    customer_id: order.customer_id ?? null,
    channel: order.channel,
    deliver_state: (to?.state && stateCode(to.state)) ?? null,
    deliver_city: to?.city ?? null,
    deliver_zip: to?.zip ?? null,
    promised_at_ms: epochMs(order.promised_at),
    completed_at_ms: epochMs(order.completed_at),
    lines: prepareLines(order, terms),
  };
}

function prepareLines({ lines, discount_cents = 0 }: Order, terms: TermCache): DeliveredLines {
  const gross = lines.map((line) => line.quantity * line.unit_price_cents);
  return {
    kind: lines.map((line) => line.kind),
    menu_item: lines.map((line) => line.menu_item ?? null),
    size: lines.map((line) => terms.size(line.size)),
    combination: lines.map((line) => (line.kind === 'pizza' ? terms.combination(line) : null)),
    quantity: lines.map((line) => line.quantity),
    gross_cents: gross,
    discount_cents: shareDiscount(gross, discount_cents),
  };
}

function epochMs(written: string | undefined): number | null {
  return written === undefined ? null : (parseInstant(written)?.epochMs ?? null);
}
