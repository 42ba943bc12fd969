import type { Channel, LineKind } from './order.ts';

/**
 * An accepted order as a segment file carries it, one JSON object a line: normalised, with defaults filled in,
 * discounts shared out and combinations keyed, so that loading needs no logic of its own and is the same on
 * every warehouse.
 */
export interface DeliveredOrder {
  type: 'order';
  /** Signed 64-bit hash of source and order_id, as decimal digits (JSON numbers lose precision). */
  order_key: string;
  source: string;
  order_id: string;
  revision: number;
  status: 'placed' | 'voided';
  /** Milliseconds since 1970, as are all instants here. */
  ordered_at_ms: number;
  /** The offset it was written with; gives the local hour while the store's time zone is unknown. */
  utc_offset_minutes: number;
  store_id: string;
  customer_id: string | null;
  channel: Channel;
  /** USPS code, or null when absent or none of the 52. */
  deliver_state: string | null;
  deliver_city: string | null;
  deliver_zip: string | null;
  promised_at_ms: number | null;
  completed_at_ms: number | null;
  lines: DeliveredLines;
  /** The quarantined record that this order was made of; absent for all others. */
  replays?: string;
  /** Of a replayed order, the time at which its record was first received. */
  accepted_at_ms: number;
}

/**
 * The lines of an order, a list for each property and all lists of one length: a warehouse reads lists of plain
 * values several times as fast as lists of objects. Line 1 is at index 0.
 */
export interface DeliveredLines {
  kind: LineKind[];
  menu_item: (string | null)[];
  size: string[];
  /** Combination key of a pizza, null for the rest. */
  combination: (string | null)[];
  quantity: number[];
  gross_cents: number[];
  /** The line's share of the order's discount; net is gross less this. */
  discount_cents: number[];
}

/** A record that could not be taken, on its way to quarantine by the same road as the orders. */
export interface DeliveredReject {
  type: 'reject';
  /** Hash of source, origin and bytes: the same reject twice is one. */
  quarantine_id: string;
  source: string;
  code: string;
  /** What was wrong, one sentence a fault. */
  reason: string;
  /** File and row, or null for a record that came over HTTP. */
  origin: string | null;
  /** The exact bytes, base64. */
  bytes: string;
  accepted_at_ms: number;
}

/** Takes a record out of quarantine without replaying it. */
export interface DeliveredDrop {
  type: 'drop';
  quarantine_id: string;
  accepted_at_ms: number;
}

export type DeliveredRecord = DeliveredOrder | DeliveredReject | DeliveredDrop;
