import { Compile } from 'typebox/compile';
import { parseInstant } from '../contract/instant.ts';
import { limits } from '../contract/limits.ts';
import { type Order, OrderSchema } from '../contract/order.ts';

const checked = Compile(OrderSchema);
const earliestMs = Date.parse(limits.orderedAtMin);

/** What keeps an order from being taken, one sentence a fault; empty if nothing does. */
export function checkOrder(order: unknown, now: number = Date.now()): string[] {
  if (!checked.Check(order)) return schemaFaults(order);
  return [
    ...timeFaults('ordered_at', order.ordered_at, now),
    ...(['promised_at', 'completed_at'] as const).flatMap((member) => instantFault(member, order[member])),
  ];
}

function schemaFaults(order: unknown): string[] {
  const errors = checked.Errors(order).filter(({ keyword }) => keyword !== 'anyOf' && keyword !== 'boolean');
  const faults = errors.flatMap((error) => {
    const path = error.instancePath.slice(1).replaceAll('/', '.') || 'the order';
    if (error.keyword !== 'required') return [`${path} ${error.message}.`];
    const prefix = error.instancePath === '' ? '' : `${path}.`;
    return error.params.requiredProperties.map((member) => `${prefix}${member} is absent.`);
  });
  return [...new Set(faults)];
}

function timeFaults(member: string, written: Order['ordered_at'], now: number): string[] {
  const faults = instantFault(member, written);
  const epochMs = parseInstant(written)?.epochMs;
  if (epochMs === undefined) return faults;
  if (epochMs < earliestMs) return [`${member} "${written}" is before ${limits.orderedAtMin.slice(0, 10)}.`];
  if (epochMs > now + limits.futureMinutesMax * 60_000) return [`${member} "${written}" lies in the future.`];
  return [];
}

function instantFault(member: string, written: string | undefined): string[] {
  if (written === undefined || parseInstant(written)) return [];
  return [`${member} "${written}" is not a time as RFC 3339 writes it, with an offset.`];
}
