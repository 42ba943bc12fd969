import { expect, it } from 'vitest';
import { parseInstant } from '../src/contract/instant.ts';
import { BusinessHours, closeoutHour, hourMs, writeInstant } from './business-hours.ts';
import { dateOf, dayOf } from './calendar.ts';
import { readCountry } from './places.ts';

const hours = new BusinessHours();
const zones = [...new Set(readCountry().places.map(({ timeZone }) => timeZone))];

/** What the clock on the wall shows, by another road than the code under test. */
function wall(timeZone: string, utcHour: number): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' }).format(
    utcHour * hourMs,
  );
}

it.each(zones)('follows the clocks of %s through the year', (zone) => {
  for (const date of ['2026-03-07', '2026-03-08', '2026-07-04', '2026-10-31', '2026-11-01', '2026-12-31']) {
    const day = dayOf(date);
    const list = hours.of(zone, day);
    expect(wall(zone, list[0]?.utcHour ?? 0)).toBe(`${date} 0${closeoutHour}:00`);
    expect((list.at(-1)?.utcHour ?? 0) + 1).toBe(hours.of(zone, day + 1)[0]?.utcHour);
    for (const { utcHour, localHour, offsetMinutes } of list) {
      const shown = wall(zone, utcHour);
      expect(Number(shown.slice(11, 13))).toBe(localHour);
      expect(writeInstant(utcHour * hourMs, offsetMinutes).slice(0, 16)).toBe(shown.replace(' ', 'T'));
      expect(hours.dayOf(zone, utcHour)).toBe(day);
    }
  }
});

it('has 23 hours on the business day in which clocks go forward, and 25 when they go back', () => {
  const lengths = (zone: string) =>
    ['2026-03-07', '2026-06-01', '2026-10-31'].map((date) => hours.of(zone, dayOf(date)).length);
  expect(lengths('America/New_York')).toEqual([23, 24, 25]);
  expect(lengths('America/Anchorage')).toEqual([23, 24, 25]);
  expect(lengths('America/Phoenix')).toEqual([24, 24, 24]);
  const spring = hours.of('America/New_York', dayOf('2026-03-07')).map(({ localHour }) => localHour);
  expect(spring.slice(-4)).toEqual([23, 0, 1, 3]);
  const autumn = hours.of('America/New_York', dayOf('2026-10-31')).map(({ localHour }) => localHour);
  expect(autumn.slice(-5)).toEqual([0, 1, 1, 2, 3]);
});

it('writes instants that the contract reads back', () => {
  for (const [epochMs, offset] of [
    [Date.UTC(2026, 1, 9, 0, 31, 7), -360],
    [Date.UTC(2026, 11, 31, 23, 59, 59), 0],
    [Date.UTC(2028, 1, 29, 4, 0, 0), -600],
    [Date.UTC(1969, 11, 31, 12, 0, 0), 330],
  ] as const) {
    expect(parseInstant(writeInstant(epochMs, offset))).toEqual({ epochMs, offsetMinutes: offset });
  }
  expect(writeInstant(Date.UTC(2026, 1, 9, 0, 31, 7), -360)).toBe('2026-02-08T18:31:07-06:00');
  expect(dateOf(hours.dayOf('America/Chicago', Date.UTC(2026, 1, 9, 9, 0, 0) / hourMs))).toBe('2026-02-08');
});
