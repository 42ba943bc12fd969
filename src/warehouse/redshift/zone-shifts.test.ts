import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runs } from '../../../test/support/property.ts';
import { zoneShifts } from './zone-shifts.ts';

const zones = [
  'America/New_York',
  'America/Phoenix',
  'Pacific/Honolulu',
  'America/Indiana/Indianapolis',
  'UTC',
  'Asia/Kolkata',
  'Africa/Casablanca',
];

/** What the wall clock of a zone shows, as if it were UTC. */
function wallClock(timeZone: string, epochMs: number): number {
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    hourCycle: 'h23',
    ...{ year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' },
  });
  const parts = Object.fromEntries(format.formatToParts(epochMs).map(({ type, value }) => [type, Number(value)]));
  const { year = 0, month = 1, day, hour, minute } = parts;
  return Date.UTC(year, month - 1, day, hour, minute);
}

describe('the offsets of a zone', () => {
  it('are those of its wall clock at any instant since 2000', () => {
    const minute = fc.integer({ min: Date.UTC(2000) / 60_000, max: Date.UTC(2069) / 60_000 });
    fc.assert(
      fc.property(fc.constantFrom(...zones), minute, (zone, minutes) => {
        const epochMs = minutes * 60_000;
        const found = zoneShifts(zone).filter(({ starts_at, ends_at }) => starts_at <= epochMs && epochMs < ends_at);
        expect(found.map(({ shift_minutes }) => epochMs + shift_minutes * 60_000)).toEqual([wallClock(zone, epochMs)]);
      }),
      runs(500),
    );
  });

  it('change to the minute, on the day that skips an hour and on the day that has one twice', () => {
    const starts = zoneShifts('America/New_York').map(({ starts_at }) => starts_at);
    expect(starts).toContain(Date.parse('2027-03-14T07:00:00Z'));
    expect(starts).toContain(Date.parse('2027-11-07T06:00:00Z'));
  });

  it('leave no gap from 1970 on', () => {
    for (const zone of zones) {
      const shifts = zoneShifts(zone);
      expect(shifts[0]?.starts_at).toBe(0);
      expect(shifts.slice(1).map(({ starts_at }) => starts_at)).toEqual(
        shifts.slice(0, -1).map(({ ends_at }) => ends_at),
      );
      expect(shifts.at(-1)?.ends_at).toBe(Date.parse('9999-12-31T00:00:00Z'));
    }
  });
});
