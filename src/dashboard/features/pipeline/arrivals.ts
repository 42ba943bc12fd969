/** How many records the books said were received, at a time of this machine's clock (ms since 1970). */
export interface Reading {
  readonly at: number;
  readonly received: number;
}

const overMs = 60_000;

/** Adds a reading; keeps the last minute and the one reading before it. A count that shrinks starts anew. */
export function addReading(readings: readonly Reading[], next: Reading): readonly Reading[] {
  const last = readings.at(-1);
  if (last && (next.received < last.received || next.at < last.at)) return [next];
  const firstKept = Math.max(
    0,
    readings.findLastIndex(({ at }) => at <= next.at - overMs),
  );
  return [...readings.slice(firstKept), next];
}

/** Records a second between the first and the last reading; undefined until a second has passed. */
export function arrivalRate(readings: readonly Reading[]): number | undefined {
  const [first, last] = [readings[0], readings.at(-1)];
  if (!first || !last || last.at - first.at < 1_000) return undefined;
  return (last.received - first.received) / ((last.at - first.at) / 1000);
}
