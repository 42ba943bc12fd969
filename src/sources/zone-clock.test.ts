import { expect, it } from 'vitest';
import { earliestLocal, fixedClock, instantOf, zoneClock } from './zone-clock.ts';

const hourMs = 3_600_000;

it.each([
  ['America/New_York', '2026-01-15 12:00:00', '2026-01-15T17:00:00.000Z'],
  ['America/New_York', '2026-07-15 12:00:00.123456', '2026-07-15T16:00:00.123Z'],
  ['America/New_York', '2026-07-15', '2026-07-15T04:00:00.000Z'],
  ['America/New_York', '2026-03-08 01:59:59', '2026-03-08T06:59:59.000Z'],
  ['America/New_York', '2026-03-08 02:30:00', '2026-03-08T07:30:00.000Z'],
  ['America/New_York', '2026-03-08 03:00:00', '2026-03-08T07:00:00.000Z'],
  ['America/New_York', '2026-11-01 00:59:59', '2026-11-01T04:59:59.000Z'],
  ['America/New_York', '2026-11-01 01:30:00', '2026-11-01T05:30:00.000Z'],
  ['America/New_York', '2026-11-01 02:00:00', '2026-11-01T07:00:00.000Z'],
  ['America/Phoenix', '2026-07-15 12:00:00', '2026-07-15T19:00:00.000Z'],
  ['Australia/Lord_Howe', '2026-04-05 01:45:00', '2026-04-04T14:45:00.000Z'],
  ['Asia/Kolkata', '2026-07-15 12:00:00', '2026-07-15T06:30:00.000Z'],
  ['UTC', '2024-02-29 00:00:00', '2024-02-29T00:00:00.000Z'],
])('in %s, %s is %s', (zone, local, instant) => {
  expect(instantOf(local, zoneClock(zone))).toBe(instant);
});

it.each(['0000-00-00 00:00:00', '0000-00-00', '2024-00-10 00:00:00', '2023-02-29', '2024-02-31 00:00:00', '', 'soon'])(
  '"%s" is no time',
  (written) => expect(instantOf(written, fixedClock(0))).toBeUndefined(),
);

it.each(['America/New_York', 'America/St_Johns', 'Australia/Lord_Howe', 'Europe/London', 'Pacific/Apia', 'UTC'])(
  'no clock in %s shows a time before the earliest that is told, over a year',
  (zone) => {
    const clock = zoneClock(zone);
    const local = (at: number): number => at + clock.offsetMinutes(at) * 60_000;
    const start = Date.UTC(2026, 0, 1);
    let wrong = 0;
    let furthestMs = 0;
    for (let at = start; at < start + 365 * 24 * hourMs; at += hourMs / 2) {
      const earliest = Date.parse(`${earliestLocal(at, clock).replace(' ', 'T')}Z`);
      furthestMs = Math.max(furthestMs, local(at) - earliest);
      for (let later = 0; later < 4 * hourMs; later += hourMs / 4) if (local(at + later) < earliest) wrong += 1;
    }
    expect(wrong).toBe(0);
    expect(furthestMs).toBeLessThanOrEqual(hourMs);
  },
);

it('a bare offset, whose clock changes nobody knows, goes an hour further back', () => {
  expect(earliestLocal(Date.parse('2026-01-01T12:00:00Z'), fixedClock(-300))).toBe('2026-01-01 06:00:00');
});
