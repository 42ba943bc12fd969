import type { BookDay } from '../../../contract/pipeline.ts';

/** The terms of the identity, without a day. */
export type Outcomes = Omit<BookDay, 'day' | 'balanced'>;

/** By how many records a day's books are off: received less everything that is accounted for; 0 when they balance. */
export function missing({ received, loaded, duplicates, superseded, quarantined, in_flight }: Outcomes): number {
  return received - (loaded + duplicates + superseded + quarantined + in_flight);
}

/** The sums over days. */
export function totals(days: readonly BookDay[]): Outcomes {
  const sum = (of: (day: BookDay) => number) => days.reduce((all, day) => all + of(day), 0);
  return {
    received: sum((day) => day.received),
    loaded: sum((day) => day.loaded),
    duplicates: sum((day) => day.duplicates),
    superseded: sum((day) => day.superseded),
    quarantined: sum((day) => day.quarantined),
    in_flight: sum((day) => day.in_flight),
  };
}
