import { Compile } from 'typebox/compile';
import type { Fault } from '../contract/errors.ts';
import { parseInstant } from '../contract/instant.ts';
import { limits } from '../contract/limits.ts';
import { type Order, OrderSchema } from '../contract/order.ts';

const schema = Compile(OrderSchema);
const earliest = Date.parse(limits.orderedAtMin);
const faultsMax = 20;

/** Either the order, or everything that is wrong with it. */
export type CheckedOrder = { readonly order: Order } | { readonly faults: readonly Fault[] };

/** Checks a parsed body against the contract: its shape, and the times that a schema cannot judge. */
export function checkOrder(value: unknown, nowMs: number): CheckedOrder {
  if (!schema.Check(value)) return { faults: shapeFaults(value) };
  const faults = timeFaults(value, nowMs);
  return faults.length > 0 ? { faults } : { order: value };
}

function shapeFaults(value: unknown): Fault[] {
  const faults = new Map<string, string>();
  for (const { instancePath, message, keyword, params } of schema.Errors(value)) {
    const details = params as Record<string, readonly string[] | undefined>;
    if (keyword === 'required') {
      for (const name of details['requiredProperties'] ?? []) faults.set(`${instancePath}/${name}`, 'is missing');
    } else {
      // A topping that fits neither of its two forms brings an error for each; the last says it best.
      faults.set(instancePath, explain(keyword, message, details));
    }
    if (faults.size >= faultsMax) break;
  }
  return [...faults].map(([path, text]) => ({ path, message: text }));
}

function explain(keyword: string, message: string, details: Record<string, readonly string[] | undefined>): string {
  if (keyword === 'enum') return `must be one of ${details['allowedValues']?.join(', ')}`;
  if (keyword === 'format') return noInstant;
  if (keyword === 'anyOf') return 'must be the name of a topping, or an object with name, portion and amount';
  return message;
}

function timeFaults({ ordered_at }: Order, nowMs: number): Fault[] {
  const orderedAtMs = parseInstant(ordered_at)?.epochMs ?? Number.NaN;
  if (orderedAtMs < earliest) return [{ path: '/ordered_at', message: 'must not be before the year 2000' }];
  if (orderedAtMs <= nowMs + limits.futureMinutesMax * 60_000) return [];
  return [{ path: '/ordered_at', message: `must not be more than ${limits.futureMinutesMax} minutes in the future` }];
}

const noInstant = 'must be an existing date and time as RFC 3339 writes it, with an offset: 2026-02-08T18:31:07-06:00';
