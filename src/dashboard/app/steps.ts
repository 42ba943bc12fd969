/** What became visible within one second. */
export interface Second {
  /** Its start, milliseconds since 1970. */
  readonly at: number;
  readonly orders: number;
  /** Of the oldest order that became visible in it. */
  readonly freshnessMs: number;
}

/** How far back the seconds are kept. */
export const keptMs = 5 * 60_000;

/** Adds a step in which orders became visible to the seconds, oldest first, and lets go of those too long ago. */
export function addStep(
  seconds: readonly Second[],
  step: { at: number; orders: number; freshnessMs: number },
): readonly Second[] {
  const at = Math.floor(step.at / 1000) * 1000;
  const kept = seconds.filter((second) => second.at > at - keptMs);
  const last = kept.at(-1);
  if (last?.at !== at) return [...kept, { at, orders: step.orders, freshnessMs: step.freshnessMs }];
  const orders = last.orders + step.orders;
  return [...kept.slice(0, -1), { at, orders, freshnessMs: Math.max(last.freshnessMs, step.freshnessMs) }];
}

/** Orders a second that became visible over the last `overMs`, or since the first of the seconds if that is less. */
export function rateOf(seconds: readonly Second[], now: number, overMs: number): number {
  const orders = seconds.reduce((sum, second) => (second.at > now - overMs ? sum + second.orders : sum), 0);
  const watchedMs = Math.min(overMs, Math.max(1_000, now - (seconds[0]?.at ?? now)));
  return orders / (watchedMs / 1000);
}
