import type { TimeOfDay } from '../../lib/refresh/schedule-times.ts';

const minuteMs = 60_000;
const dayMs = 86_400_000;

/** Which of two equal times of the day, on the night the clock goes back, a daily schedule comes at. */
export type Repeated = 'first' | 'second';

/**
 * When EventBridge Scheduler starts a daily cron schedule on a date (YYYY-MM-DD) of a zone, as its user guide says:
 * never at a time that the clock skips, and once at a time that comes twice. Which of the two it takes is not said.
 */
export function firesOn(date: string, { hour, minute }: TimeOfDay, timeZone: string, repeated: Repeated): number[] {
  const wanted = `${date} ${two(hour)}:${two(minute)}`;
  const onUtcMs = Date.parse(`${date}T${two(hour)}:${two(minute)}:00Z`);
  const clock = clockOf(timeZone);
  // The offsets before and after any change of the clock near this time.
  const offsets = [onUtcMs - dayMs, onUtcMs + dayMs].map((ms) => offsetMs(clock, ms));
  const instants = [...new Set(offsets.map((offset) => onUtcMs - offset))]
    .filter((ms) => read(clock, ms) === wanted)
    .sort((one, other) => one - other);
  return instants.length === 0 ? [] : [instants[repeated === 'first' ? 0 : instants.length - 1] ?? 0];
}

/** The dates of ten years, from 1 January 2026. */
export function datesOfTenYears(): string[] {
  const firstMs = Date.UTC(2026, 0, 1);
  const days = Math.round((Date.UTC(2036, 0, 1) - firstMs) / dayMs);
  return Array.from({ length: days }, (_, day) => new Date(firstMs + day * dayMs).toISOString().slice(0, 10));
}

/** The dates in ten years on which a zone's clock changes. */
export function changesOf(timeZone: string): string[] {
  const clock = clockOf(timeZone);
  return datesOfTenYears().filter((date) => {
    const midnightMs = Date.parse(`${date}T00:00:00Z`) - offsetMs(clock, Date.parse(`${date}T00:00:00Z`));
    return offsetMs(clock, midnightMs) !== offsetMs(clock, midnightMs + dayMs);
  });
}

const clocks = new Map<string, Intl.DateTimeFormat>();

function clockOf(timeZone: string): Intl.DateTimeFormat {
  const known = clocks.get(timeZone);
  if (known) return known;
  const clock = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' });
  clocks.set(timeZone, clock);
  return clock;
}

const read = (clock: Intl.DateTimeFormat, ms: number): string => clock.format(ms);

function offsetMs(clock: Intl.DateTimeFormat, ms: number): number {
  const wholeMs = ms - (ms % minuteMs);
  return Date.parse(`${read(clock, wholeMs).replace(' ', 'T')}:00Z`) - wholeMs;
}

const two = (value: number): string => String(value).padStart(2, '0');
