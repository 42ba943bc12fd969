/** A calendar date as days since 1970-01-01. */
export type DayNumber = number;

export const dayMs = 86_400_000;

/** The day of a calendar date `YYYY-MM-DD`. */
export function dayOf(date: string): DayNumber {
  return Math.floor(Date.parse(`${date}T00:00:00Z`) / dayMs);
}

/** `YYYY-MM-DD`. */
export function dateOf(day: DayNumber): string {
  return new Date(day * dayMs).toISOString().slice(0, 10);
}

/** 0 Sunday to 6 Saturday. */
export function weekdayOf(day: DayNumber): number {
  return (((day + 4) % 7) + 7) % 7;
}

/** Sunday to Saturday. Friday stands 20 % above the mean of the other days. */
const weekdayLevel = [1.0, 0.9, 0.92, 0.93, 0.97, 1.17, 1.11] as const;

/** January to December. */
const monthLevel = [1.03, 1.02, 1.0, 0.99, 0.98, 0.98, 0.99, 0.98, 0.99, 1.01, 1.01, 1.02] as const;

/** What makes a day sell unlike its weekday; the value is its level, where the mean day of the year is 1. */
const holidayLevel = {
  'super bowl': 1.52,
  halloween: 1.45,
  'thanksgiving eve': 1.4,
  "new year's eve": 1.36,
  "new year's day": 1.25,
  thanksgiving: 0.35,
  'christmas eve': 0.7,
  christmas: 0.25,
  easter: 0.65,
} as const;

export type Holiday = keyof typeof holidayLevel;

/** The day on which the `nth` given weekday of a month falls; month from 0. */
function nthWeekday(year: number, month: number, weekday: number, nth: number): DayNumber {
  const first = Date.UTC(year, month, 1) / dayMs;
  return first + ((weekday - weekdayOf(first) + 7) % 7) + 7 * (nth - 1);
}

/** Easter Sunday by the anonymous Gregorian computus. */
function easter(year: number): DayNumber {
  const golden = year % 19;
  const century = Math.floor(year / 100);
  const moon = (century - Math.floor(century / 4) - Math.floor((8 * century + 13) / 25) + 19 * golden + 15) % 30;
  const epact = moon - Math.floor(moon / 28) * (1 - Math.floor(29 / (moon + 1)) * Math.floor((21 - golden) / 11));
  const shift = (year + Math.floor(year / 4) + epact + 2 - century + Math.floor(century / 4)) % 7;
  return Date.UTC(year, 2, 28 + epact - shift) / dayMs;
}

function holidaysOf(year: number): ReadonlyMap<DayNumber, Holiday> {
  const day = (month: number, date: number) => Date.UTC(year, month, date) / dayMs;
  const thanksgiving = nthWeekday(year, 10, 4, 4);
  return new Map<DayNumber, Holiday>([
    [day(0, 1), "new year's day"],
    [nthWeekday(year, 1, 0, 2), 'super bowl'],
    [easter(year), 'easter'],
    [day(9, 31), 'halloween'],
    [thanksgiving - 1, 'thanksgiving eve'],
    [thanksgiving, 'thanksgiving'],
    [day(11, 24), 'christmas eve'],
    [day(11, 25), 'christmas'],
    [day(11, 31), "new year's eve"],
  ]);
}

const years = new Map<number, ReadonlyMap<DayNumber, Holiday>>();

/** The holiday that moves pizza sales on a day, if any. The Super Bowl is played on the second Sunday of February. */
export function holidayOf(day: DayNumber): Holiday | undefined {
  const year = new Date(day * dayMs).getUTCFullYear();
  let holidays = years.get(year);
  if (holidays === undefined) {
    holidays = holidaysOf(year);
    years.set(year, holidays);
  }
  return holidays.get(day);
}

/** How much a day sells; the mean day of the year is about 1. */
export function levelOf(day: DayNumber, holiday: Holiday | undefined): number {
  if (holiday !== undefined) return holidayLevel[holiday];
  return (weekdayLevel[weekdayOf(day)] ?? 1) * (monthLevel[new Date(day * dayMs).getUTCMonth()] ?? 1);
}
