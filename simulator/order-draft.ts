import type { Channel } from '../src/contract/order.ts';
import { writeInstant } from './business-hours.ts';
import type { ChainStore } from './chain.ts';
import { customerId } from './customers.ts';

/** What befalls an order on its way from the till; most are `plain`. */
export type Fate = 'plain' | 'timed_out' | 'duplicate' | 'late' | 'amended' | 'voided';

export interface LineDraft {
  /** The order line as JSON, up to and with `"quantity":`. */
  readonly line: string;
  readonly quantity: number;
  readonly unitPriceCents: number;
}

/** An order before it is written: revision 1, as it was placed. */
export interface OrderDraft {
  readonly orderId: string;
  readonly store: ChainStore;
  /** Whole seconds. */
  readonly orderedAtMs: number;
  readonly offsetMinutes: number;
  /** 0 for a guest. */
  readonly customer: number;
  readonly channel: Channel;
  /** `,"deliver_to":{…}` or nothing. */
  readonly deliverTo: string;
  /** Milliseconds from `orderedAtMs`; 0 when nothing is promised (the guest sits in the store). */
  readonly promisedAfterMs: number;
  readonly completedAfterMs: number;
  readonly discountCents: number;
  readonly lines: readonly LineDraft[];
  readonly fate: Fate;
  /** How long after the order its fate strikes. */
  readonly fateAfterMs: number;
}

/** One posting of one revision of an order. */
export interface Post {
  readonly draft: OrderDraft;
  readonly revision: number;
  readonly voided: boolean;
  /** False for duplicates and further revisions. */
  readonly first: boolean;
  readonly sentAtMs: number;
  /** The till gives up waiting for the answer once and posts again. */
  readonly timesOut: boolean;
}

/** Everything that the till sends about an order, by the time of sending. */
export function postsOf(draft: OrderDraft): readonly Post[] {
  const { fate } = draft;
  const then = draft.orderedAtMs + draft.fateAfterMs;
  const placed = {
    draft,
    revision: 1,
    voided: false,
    first: true,
    sentAtMs: fate === 'late' ? then : draft.orderedAtMs,
    timesOut: fate === 'timed_out',
  };
  const further = { ...placed, first: false, sentAtMs: then };
  if (fate === 'duplicate') return [placed, further];
  if (fate === 'voided') return [placed, { ...further, revision: 2, voided: true }];
  if (fate === 'amended') return [placed, { ...further, draft: amend(draft), revision: 2 }];
  return [placed];
}

/** The guest takes the last line back, or one more of the first. */
function amend(draft: OrderDraft): OrderDraft {
  const [first, ...rest] = draft.lines;
  if (first === undefined) return draft;
  const lines = rest.length > 0 ? [first, ...rest.slice(0, -1)] : [{ ...first, quantity: first.quantity + 1 }];
  const gross = lines.reduce((sum, { quantity, unitPriceCents }) => sum + quantity * unitPriceCents, 0);
  return { ...draft, lines, discountCents: Math.min(draft.discountCents, gross) };
}

/**
 * The order as JSON, as `OrderSchema` wants it. `knownAtMs` is when it is written: what is completed later is not
 * in it yet. Orders sent as they come know the time of sending; history knows better.
 */
export function writeOrder({ draft, revision, voided, sentAtMs }: Post, knownAtMs = sentAtMs): string {
  const { store, orderedAtMs, offsetMinutes, promisedAfterMs, completedAfterMs } = draft;
  let json = `{"order_id":"${draft.orderId}"`;
  if (revision > 1) json += `,"revision":${revision}`;
  if (voided) json += ',"status":"voided"';
  json += `,"ordered_at":"${writeInstant(orderedAtMs, offsetMinutes)}","store_id":"${store.storeId}"`;
  if (draft.customer > 0) json += `,"customer_id":"${customerId(draft.customer)}"`;
  json += `,"channel":"${draft.channel}"${draft.deliverTo}`;
  if (promisedAfterMs > 0) json += `,"promised_at":"${writeInstant(orderedAtMs + promisedAfterMs, offsetMinutes)}"`;
  if (!voided && orderedAtMs + completedAfterMs <= knownAtMs) {
    json += `,"completed_at":"${writeInstant(orderedAtMs + completedAfterMs, offsetMinutes)}"`;
  }
  if (draft.discountCents > 0) json += `,"discount_cents":${draft.discountCents}`;
  json += ',"lines":[';
  let separator = '';
  for (const { line, quantity, unitPriceCents } of draft.lines) {
    json += `${separator}${line}${quantity},"unit_price_cents":${unitPriceCents}}`;
    separator = ',';
  }
  return `${json}]}`;
}
