import type { BusinessHour } from './business-hours.ts';
import { type DayNumber, holidayOf, levelOf, weekdayOf } from './calendar.ts';
import type { ChainStore } from './chain.ts';
import { hashOf, Random } from './random.ts';

/** `superbowl` makes any day sell like Super Bowl Sunday. */
export const profiles = ['normal', 'superbowl'] as const;
export type Profile = (typeof profiles)[number];

/** Local hours: open from `opens` up to `closes`, which counts on past midnight (25 = 1 a.m.). */
export interface OpeningHours {
  readonly opens: number;
  readonly closes: number;
  readonly roundTheClock: boolean;
}

/** Orders by local hour, in any unit: Monday to Thursday and Sunday, then Friday and Saturday. The peak is 6 p.m. */
const hourCurves = [
  [
    1.4, 0.7, 0.3, 0.2, 0.1, 0.1, 0.1, 0.1, 0.2, 0.4, 1.2, 5.2, 7.6, 5.4, 3.9, 4.0, 6.3, 12.2, 15.6, 13.0, 9.2, 6.4,
    4.2, 2.4,
  ],
  [
    2.4, 1.3, 0.6, 0.3, 0.1, 0.1, 0.1, 0.1, 0.2, 0.4, 1.2, 4.6, 6.6, 5.2, 4.3, 4.6, 6.8, 12.0, 15.4, 13.2, 10.0, 7.6,
    5.4, 3.6,
  ],
] as const;

/** Stores that never close stand where people are up at night; each night hour sells at least this much. */
const nightFloor = 2;
const roundTheClockShare = 0.08;

/** When a store opens. New York closes latest. */
export function openingHours(state: string, random: Random): OpeningHours {
  const roundTheClock = random.next() < roundTheClockShare;
  const opens = random.next() < 0.35 ? 10 : 11;
  const closes = [22, 23, 23, 24, 24, 25][random.below(6)] ?? 23;
  return roundTheClock
    ? { opens: 4, closes: 28, roundTheClock }
    : { opens, closes: closes + (state === 'NY' ? 2 : 0), roundTheClock };
}

/** Share of a day's orders by local hour, adding up to 1, for both curves. */
export function hourShares({ opens, closes, roundTheClock }: OpeningHours): readonly [Float64Array, Float64Array] {
  const [week, weekend] = hourCurves.map((curve) => {
    const shares = Float64Array.from(curve, (weight, hour) => {
      if (roundTheClock) return Math.max(nightFloor, weight);
      return (hour >= opens && hour < closes) || hour + 24 < closes ? weight : 0;
    });
    const total = shares.reduce((sum, share) => sum + share, 0);
    return shares.map((share) => share / total);
  });
  return [week as Float64Array, weekend as Float64Array];
}

/** UTC hour of 6 p.m. in New York in February: the half hour before kick-off is the busiest of the year. */
const kickOffUtcHour = 23;

/** Expected orders of a store in each hour of a business day. */
export function expectedOrders(
  seed: number,
  store: ChainStore,
  day: DayNumber,
  hours: readonly BusinessHour[],
  profile: Profile,
): number[] {
  const superbowl = profile === 'superbowl' || holidayOf(day) === 'super bowl';
  const mean = store.ordersPerDay * dayFactor(seed, store, day, profile);
  const weekday = weekdayOf(day);
  const shares = store.hourShares[!superbowl && (weekday === 5 || weekday === 6) ? 1 : 0];
  const weights = hours.map(({ localHour, utcHour }) => (shares[localHour] ?? 0) * (superbowl ? gameTime(utcHour) : 1));
  const total = superbowl ? weights.reduce((sum, weight) => sum + weight, 0) : 1;
  return weights.map((weight) => (mean * weight) / total);
}

/** How much more an hour sells on the day of the game, which all of the country watches at once. */
function gameTime(utcHour: number): number {
  const hour = ((utcHour % 24) + 24) % 24;
  const away = Math.min(Math.abs(hour - kickOffUtcHour), 24 - Math.abs(hour - kickOffUtcHour));
  return 0.75 + 2.4 * Math.exp(-((away / 1.6) ** 2));
}

function dayFactor(seed: number, store: ChainStore, day: DayNumber, profile: Profile): number {
  const weekday = weekdayOf(day);
  const early = weekday >= 1 && weekday <= 4;
  // Mississippi orders more than others from Monday to Thursday.
  const tilt = store.place.state === 'MS' ? (early ? 1.08 : 0.9) : 1;
  const luck = Math.exp(0.08 * new Random(hashOf(seed, 0xda7, store.index, day)).normal());
  return tilt * luck * levelOf(day, profile === 'superbowl' ? 'super bowl' : holidayOf(day));
}
