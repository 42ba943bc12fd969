import { hash } from 'node:crypto';

/**
 * The number that stands for a customer where customers are counted, 63 bits as decimal digits; the same as on one
 * machine, so that what moves from there keeps its numbers.
 */
export function customerKey(customerId: string): string {
  const digest = hash('md5', customerId, 'buffer');
  return (digest.readBigUInt64LE(8) >> 1n).toString();
}
