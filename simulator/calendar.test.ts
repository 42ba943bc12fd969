import { expect, it } from 'vitest';
import { dateOf, dayOf, type Holiday, holidayOf, levelOf, weekdayOf } from './calendar.ts';

it.each<[string, Holiday]>([
  ['2026-02-08', 'super bowl'],
  ['2027-02-14', 'super bowl'],
  ['2026-04-05', 'easter'],
  ['2027-03-28', 'easter'],
  ['2026-10-31', 'halloween'],
  ['2026-11-25', 'thanksgiving eve'],
  ['2026-11-26', 'thanksgiving'],
  ['2026-12-25', 'christmas'],
  ['2026-12-31', "new year's eve"],
  ['2027-01-01', "new year's day"],
])('%s is %s', (date, holiday) => {
  expect(holidayOf(dayOf(date))).toBe(holiday);
});

it('knows the weekday, and dates there and back', () => {
  expect(weekdayOf(dayOf('2026-11-22'))).toBe(0);
  expect(weekdayOf(dayOf('1969-12-31'))).toBe(3);
  expect(dateOf(dayOf('2028-02-29'))).toBe('2028-02-29');
});

it('ranks the big days as published: Super Bowl, Halloween, Thanksgiving Eve, New Year’s Eve, then any other day', () => {
  const days = Array.from({ length: 365 }, (_, index) => dayOf('2026-01-01') + index);
  const level = (day: number) => levelOf(day, holidayOf(day));
  const ranked = days.sort((a, b) => level(b) - level(a)).slice(0, 4);
  expect(ranked.map(dateOf)).toEqual(['2026-02-08', '2026-10-31', '2026-11-25', '2026-12-31']);
});

it('sells a fifth more on Fridays than on other days, and as much a year as it is built for', () => {
  const plain = Array.from({ length: 365 }, (_, index) => dayOf('2026-01-01') + index).filter(
    (day) => holidayOf(day) === undefined,
  );
  const mean = (days: readonly number[]) => days.reduce((sum, day) => sum + levelOf(day, undefined), 0) / days.length;
  const fridays = plain.filter((day) => weekdayOf(day) === 5);
  const others = plain.filter((day) => weekdayOf(day) !== 5);
  expect(mean(fridays) / mean(others)).toBeCloseTo(1.2, 1);
  expect(mean(plain)).toBeCloseTo(1, 1);
});
