import { keptMs, type Second } from '../../app/steps.ts';

/** One bar of the live chart. */
export interface Bucket {
  /** 0 is the oldest on the chart. */
  readonly index: number;
  readonly ordersPerSecond: number;
  readonly freshnessMs: number;
}

const bucketMs = 3_000;
/** How many bars the chart has room for. */
export const bucketsShown = keptMs / bucketMs;

/**
 * The seconds of the last minutes as bars of three seconds each, oldest first; bars in which nothing became visible
 * are left out. Bars begin at whole multiples of three seconds, so that they keep their height while they move.
 */
export function bucketsOf(seconds: readonly Second[], now: number): readonly Bucket[] {
  const newest = Math.floor(now / bucketMs);
  const buckets = new Map<number, Bucket>();
  for (const { at, orders, freshnessMs } of seconds) {
    const index = Math.floor(at / bucketMs) - newest + bucketsShown - 1;
    if (index < 0 || index >= bucketsShown) continue;
    const known = buckets.get(index);
    buckets.set(index, {
      index,
      ordersPerSecond: (known?.ordersPerSecond ?? 0) + orders / (bucketMs / 1000),
      freshnessMs: Math.max(known?.freshnessMs ?? 0, freshnessMs),
    });
  }
  return [...buckets.values()].sort((one, other) => one.index - other.index);
}

/** The end of an axis: the next of 1, 2, 5, 10, 20, … that is at least `value`. */
export function axisEnd(value: number): number {
  if (value <= 0) return 1;
  const size = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 5].find((step) => step * size >= value) ?? 10) * size;
}
