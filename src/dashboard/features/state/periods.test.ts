import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  addDays,
  comparisonOf,
  covers,
  inWords,
  lengthInDays,
  localDate,
  periodOf,
  writePeriod,
  writeShort,
} from './periods.ts';

const today = '2026-11-22';

test('presets end today and count it', () => {
  expect(periodOf('today', today)).toEqual({ from: today, to: today });
  expect(periodOf('28d', today)).toEqual({ from: '2026-10-26', to: today });
  expect(periodOf('all', today)).toEqual({});
  expect(periodOf({ from: '2026-02-01' }, today)).toEqual({ from: '2026-02-01' });
});

test('days are counted across leap days and clock changes', () => {
  expect(addDays('2028-02-28', 1)).toBe('2028-02-29');
  expect(addDays('2026-03-01', -1)).toBe('2026-02-28');
  expect(lengthInDays({ from: '2026-03-01', to: '2026-03-31' })).toBe(31);
  expect(localDate(new Date(2026, 0, 5, 23, 59))).toBe('2026-01-05');
});

test('a whole period meets the same weekdays before it', () => {
  expect(comparisonOf({ from: '2026-11-01', to: '2026-11-10' }, today)).toEqual({
    current: { from: '2026-11-01', to: '2026-11-10' },
    previous: { from: '2026-10-18', to: '2026-10-27' },
    running: false,
  });
});

test('a running day is left out of several, and alone it meets a whole day', () => {
  expect(comparisonOf(periodOf('7d', today), today)).toEqual({
    current: { from: '2026-11-16', to: '2026-11-21' },
    previous: { from: '2026-11-09', to: '2026-11-14' },
    running: false,
  });
  expect(comparisonOf(periodOf('today', today), today)).toEqual({
    current: { from: today, to: today },
    previous: { from: '2026-11-15', to: '2026-11-15' },
    running: true,
  });
});

test('what cannot be compared is not', () => {
  expect(comparisonOf({}, today)).toBeUndefined();
  expect(comparisonOf({ from: '2026-11-01' }, today)).toBeUndefined();
  expect(comparisonOf({ from: '2026-11-10', to: '2026-11-01' }, today)).toBeUndefined();
  expect(comparisonOf({ from: '2026-12-01', to: '2026-12-05' }, today)).toBeUndefined();
});

test('both spans of a comparison have the same length and weekdays, and do not overlap', () => {
  const day = fc.integer({ min: -2_000, max: 400 }).map((days) => addDays(today, days));
  fc.assert(
    fc.property(day, fc.integer({ min: 0, max: 800 }), (from, more) => {
      const compared = comparisonOf({ from, to: addDays(from, more) }, today);
      if (!compared) return from > today;
      const { current, previous } = compared;
      const apart = lengthInDays({ from: previous.from, to: current.from }) - 1;
      return lengthInDays(current) === lengthInDays(previous) && apart % 7 === 0 && previous.to < current.from;
    }),
  );
});

test('figures that begin too late cover nothing', () => {
  const span = { from: '2026-09-28', to: '2026-10-24' };
  expect(covers('2026-09-28', span)).toBe(true);
  expect(covers('2026-10-04', span)).toBe(true);
  expect(covers('2026-10-20', span)).toBe(false);
  expect(covers(null, span)).toBe(false);
});

test('periods are written as Americans write them', () => {
  expect(writePeriod({ from: '2026-10-26', to: today })).toBe('Oct 26 – Nov 22, 2026');
  expect(writePeriod({ from: '2025-12-30', to: '2026-01-02' })).toBe('Dec 30, 2025 – Jan 2, 2026');
  expect(writePeriod({ from: today, to: today })).toBe('Nov 22, 2026');
  expect(writePeriod({})).toBe('All time');
  expect(writeShort({ from: today, to: today })).toBe('Sun, Nov 22');
  expect(inWords({ from: '2026-10-26', to: today })).toBe('between Oct 26 and Nov 22, 2026');
  expect(inWords({ from: today })).toBe('since Nov 22, 2026');
});
