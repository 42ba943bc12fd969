import { describe, expect, it } from 'vitest';
import { Schedule } from './schedule.ts';

const zones = ['America/New_York', 'America/Los_Angeles', 'America/Phoenix', 'Europe/London'];
const hourMs = 3_600_000;

/** HH:MM:SS on the zone's clock. */
function clock(timeZone: string, atMs: number): string {
  return new Intl.DateTimeFormat('en-GB', { timeZone, timeStyle: 'medium' }).format(atMs);
}

function datesFrom(first: string, days: number): string[] {
  return Array.from({ length: days }, (_, day) =>
    new Date(Date.parse(first) + day * 24 * hourMs).toISOString().slice(0, 10),
  );
}

describe('the schedule', () => {
  it.each(zones)('comes once every date of ten years in %s', (timeZone) => {
    // In London the hour from 01:00 is the one that is skipped.
    const hour = timeZone === 'Europe/London' ? 1 : 2;
    const schedule = new Schedule({ hour, timeZone });
    const runs = [schedule.next(Date.parse('2026-01-01T00:00:00Z'))];
    while (runs.at(-1)?.businessDate !== '2036-01-01') runs.push(schedule.next(runs.at(-1)?.scheduledAtMs ?? 0));
    const dates = runs.map(({ businessDate }) => businessDate);
    expect(dates).toEqual(datesFrom(dates[0] ?? '', dates.length));
    const times = runs.map(({ scheduledAtMs }) => clock(timeZone, scheduledAtMs));
    // Where the hour is skipped, an hour later on the clock.
    const skipped = Array.from({ length: timeZone === 'America/Phoenix' ? 0 : 10 }, () => `0${hour + 1}:00:00`);
    expect(times.filter((time) => time !== `0${hour}:00:00`)).toEqual(skipped);
  });

  it.each(zones)('knows the newest run at every hour around the changes of ten years in %s', (timeZone) => {
    const schedule = new Schedule({ hour: 2, timeZone });
    for (const month of Array.from({ length: 10 }, (_, year) => [2, 9, 10].map((one) => year * 12 + one)).flat()) {
      let expected = schedule.next(Date.UTC(2026, month, 1) - 48 * hourMs);
      let following = schedule.next(expected.scheduledAtMs);
      for (let atMs = expected.scheduledAtMs; atMs < Date.UTC(2026, month + 1, 1); atMs += hourMs) {
        if (atMs >= following.scheduledAtMs) {
          expected = following;
          following = schedule.next(following.scheduledAtMs);
        }
        expect(schedule.latest(atMs)).toEqual(expected);
      }
    }
  });

  it('comes at 03:00 on the day that has no 02:00, and at the first of two', () => {
    const schedule = new Schedule({ hour: 2, timeZone: 'America/New_York' });
    expect(schedule.next(Date.parse('2027-03-13T12:00:00Z'))).toEqual({
      scheduledAtMs: Date.parse('2027-03-14T03:00:00-04:00'),
      businessDate: '2027-03-14',
    });
    const twice = new Schedule({ hour: 1, timeZone: 'America/New_York' });
    const first = Date.parse('2027-11-07T01:00:00-04:00');
    expect(twice.next(Date.parse('2027-11-07T04:30:00Z'))).toEqual({
      scheduledAtMs: first,
      businessDate: '2027-11-07',
    });
    expect(twice.next(first).businessDate).toBe('2027-11-08');
  });

  it('refuses a zone that nobody knows', () => {
    expect(() => new Schedule({ hour: 2, timeZone: 'Mars/Olympus' })).toThrow(RangeError);
  });
});
