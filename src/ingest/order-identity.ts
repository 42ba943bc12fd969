import { createHash, hash } from 'node:crypto';

/** What follows from an order's identity alone. */
export interface OrderIdentity {
  /** Signed 64-bit, decimal digits: what the warehouse finds the order by. */
  readonly orderKey: string;
  /** Given to the sender; the same for the same source, order_id and revision. */
  readonly receipt: string;
}

/** The key and the receipt of `(source, order_id, revision)`. */
export function orderIdentity(source: string, orderId: string, revision: number): OrderIdentity {
  const digest = hash('sha256', `${source}\n${orderId}`, 'hex');
  return {
    orderKey: keyOf(digest.slice(0, 16)),
    receipt: `${digest.slice(0, 32)}-${revision}`,
  };
}

/** The order key and the revision that a receipt tells; undefined when it is none. */
export function parseReceipt(written: string): { orderKey: string; revision: number } | undefined {
  const [, key, revision] = /^([0-9a-f]{16})[0-9a-f]{16}-([1-9]\d{0,6})$/.exec(written) ?? [];
  if (key === undefined) return undefined;
  return { orderKey: keyOf(key), revision: Number(revision) };
}

function keyOf(hex: string): string {
  return BigInt.asIntN(64, BigInt(`0x${hex}`)).toString();
}

/** Identity of a reject: the same bytes from the same place are the same reject. */
export function quarantineId(source: string, origin: string | null, bytes: Uint8Array): string {
  return createHash('sha256')
    .update(`${source}\n${origin ?? ''}\n`)
    .update(bytes)
    .digest('hex')
    .slice(0, 32);
}
