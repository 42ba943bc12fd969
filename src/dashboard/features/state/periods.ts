/** Business dates, both inclusive, as YYYY-MM-DD. Absent: no limit on that side. */
export interface Period {
  readonly from?: string;
  readonly to?: string;
}

/** A period with both ends. */
export type Span = Required<Period>;

export const presets = ['today', '7d', '28d', '90d', 'all'] as const;
export type Preset = (typeof presets)[number];

/** What was chosen: one of the presets, or dates of one's own. */
export type Range = Preset | Period;

const presetDays: Readonly<Record<Exclude<Preset, 'all'>, number>> = { today: 1, '7d': 7, '28d': 28, '90d': 90 };
const dayMs = 86_400_000;

function dayNumber(date: string): number {
  return Date.parse(`${date}T00:00:00Z`) / dayMs;
}

/** The date `days` after another: `addDays('2026-03-01', -1)` is `2026-02-28`. */
export function addDays(date: string, days: number): string {
  return new Date((dayNumber(date) + days) * dayMs).toISOString().slice(0, 10);
}

/** Days of a span, both ends counted. */
export function lengthInDays({ from, to }: Span): number {
  return dayNumber(to) - dayNumber(from) + 1;
}

/** The local calendar date of an instant. */
export function localDate(at: Date): string {
  const two = (value: number) => String(value).padStart(2, '0');
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

/** The dates of a range. `28d` ends today and counts it. */
export function periodOf(range: Range, today: string): Period {
  if (typeof range !== 'string') return range;
  if (range === 'all') return {};
  return { from: addDays(today, 1 - presetDays[range]), to: today };
}

/** Two spans of the same length and the same weekdays. */
export interface Comparison {
  readonly current: Span;
  readonly previous: Span;
  /** Today is not over, so it is compared with a whole day: say how much of it is reached, not how far it fell. */
  readonly running: boolean;
}

/**
 * What a period is compared with: the same span, shifted back by its length rounded up to whole weeks, so that a
 * Friday meets a Friday. A running day would drag the change down, so of several days only the complete ones
 * are compared. Undefined for a period without both ends or one that lies in the future.
 */
export function comparisonOf({ from, to }: Period, today: string): Comparison | undefined {
  if (from === undefined || to === undefined || from > to || from > today) return undefined;
  const shift = Math.ceil(lengthInDays({ from, to }) / 7) * 7;
  const running = from === today;
  const end = running ? today : to >= today ? addDays(today, -1) : to;
  const current = { from, to: end };
  return { current, previous: { from: addDays(from, -shift), to: addDays(end, -shift) }, running };
}

/** Whether figures that begin on `firstDate` cover a span well enough to compare with. */
export function covers(firstDate: string | null, span: Span): boolean {
  return firstDate !== null && firstDate <= addDays(span.from, Math.floor(lengthInDays(span) / 4));
}

const dayMonth = new Intl.DateTimeFormat('en-US', { month: 'short', day: 'numeric', timeZone: 'UTC' });
const dayMonthYear = new Intl.DateTimeFormat('en-US', { dateStyle: 'medium', timeZone: 'UTC' });
const weekdayDay = new Intl.DateTimeFormat('en-US', {
  weekday: 'short',
  month: 'short',
  day: 'numeric',
  timeZone: 'UTC',
});

function read(date: string): Date {
  return new Date(`${date}T00:00:00Z`);
}

/** "Sun, Nov 22". */
export function writeDay(date: string): string {
  return weekdayDay.format(read(date));
}

/** A span without its years: "Sep 28 – Oct 24". */
export function writeShort({ from, to }: Span): string {
  return from === to ? writeDay(from) : `${dayMonth.format(read(from))} – ${dayMonth.format(read(to))}`;
}

/** "Oct 26 – Nov 22, 2026"; a year on both sides where they differ. */
export function writePeriod({ from, to }: Period): string {
  if (from === undefined && to === undefined) return 'All time';
  if (from === undefined) return `Until ${dayMonthYear.format(read(to ?? ''))}`;
  if (to === undefined) return `Since ${dayMonthYear.format(read(from))}`;
  const end = dayMonthYear.format(read(to));
  if (from === to) return end;
  const start = from.slice(0, 4) === to.slice(0, 4) ? dayMonth.format(read(from)) : dayMonthYear.format(read(from));
  return `${start} – ${end}`;
}

/** For use in a sentence: "between Oct 26 and Nov 22, 2026", "on Nov 22, 2026", "so far". */
export function inWords({ from, to }: Period): string {
  if (from === undefined && to === undefined) return 'so far';
  if (from === undefined) return `up to ${dayMonthYear.format(read(to ?? ''))}`;
  if (to === undefined) return `since ${dayMonthYear.format(read(from))}`;
  const end = dayMonthYear.format(read(to));
  return from === to ? `on ${end}` : `between ${writePeriod({ from, to }).replace(' – ', ' and ')}`;
}
