import type { StagedRow } from './staging.ts';

/** A stretch of time in which the clocks of a zone are so far ahead of UTC. */
export interface ZoneShift extends StagedRow {
  readonly time_zone: string;
  /** Milliseconds since 1970; the stretch ends before `ends_at`. */
  readonly starts_at: number;
  readonly ends_at: number;
  readonly shift_minutes: number;
}

const minuteMs = 60_000;
const dayMs = 86_400_000;
/** COPY reads no instant before 1970. */
const firstMs = 0;
const lastMs = Date.parse('9999-12-31T00:00:00Z');
/** No order is older than 2000; past 2070 the last offset holds. */
const changesFromMs = Date.UTC(1999, 0, 1);
const changesToMs = Date.UTC(2070, 0, 1);
/** Shorter than the shortest time that a clock goes otherwise: the month of Ramadan in Morocco. */
const stepMs = 20 * dayMs;

const found = new Map<string, readonly ZoneShift[]>();

/** All stretches of a zone, without a gap, from 1970 on; the rules are those that this Node.js knows. */
export function zoneShifts(timeZone: string): readonly ZoneShift[] {
  const known = found.get(timeZone);
  if (known) return known;
  const shiftAt = zoneClock(timeZone);
  const shifts: ZoneShift[] = [];
  let starts_at = firstMs;
  let shift = shiftAt(changesFromMs);
  for (let atMs = changesFromMs; atMs < changesToMs; atMs += stepMs) {
    const next = shiftAt(atMs + stepMs);
    if (next === shift) continue;
    const ends_at = changeBetween(atMs, atMs + stepMs, shiftAt);
    shifts.push({ time_zone: timeZone, starts_at, ends_at, shift_minutes: shift });
    starts_at = ends_at;
    shift = next;
  }
  shifts.push({ time_zone: timeZone, starts_at, ends_at: lastMs, shift_minutes: shift });
  found.set(timeZone, shifts);
  return shifts;
}

/** The first minute with the offset of the end. */
function changeBetween(fromMs: number, toMs: number, shiftAt: (epochMs: number) => number): number {
  const after = shiftAt(toMs);
  let [before, found] = [fromMs, toMs];
  while (found - before > minuteMs) {
    const middle = before + Math.floor((found - before) / 2 / minuteMs) * minuteMs;
    if (shiftAt(middle) === after) found = middle;
    else before = middle;
  }
  return found;
}

function zoneClock(timeZone: string): (epochMs: number) => number {
  const format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
  return (epochMs) => {
    const [, sign, hours, minutes] = /GMT(?:([+-])(\d\d):(\d\d))?/.exec(format.format(epochMs)) ?? [];
    return sign === undefined ? 0 : (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
  };
}
