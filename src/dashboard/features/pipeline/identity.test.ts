import { expect, test } from 'vitest';
import type { BookDay } from '../../../contract/pipeline.ts';
import { missing, totals } from './identity.ts';

const day: BookDay = {
  day: '2026-11-22',
  received: 21,
  loaded: 10,
  duplicates: 5,
  superseded: 3,
  quarantined: 2,
  in_flight: 1,
  balanced: true,
};

test('a day whose outcomes add up misses nothing', () => {
  expect(missing(day)).toBe(0);
});

test.each(['loaded', 'duplicates', 'superseded', 'quarantined', 'in_flight'] as const)(
  'one less %s is one missing',
  (outcome) => {
    expect(missing({ ...day, [outcome]: day[outcome] - 1 })).toBe(1);
  },
);

test('the sums of days miss what the days miss', () => {
  expect(totals([day, { ...day, received: 30 }])).toEqual({
    received: 51,
    loaded: 20,
    duplicates: 10,
    superseded: 6,
    quarantined: 4,
    in_flight: 2,
  });
  expect(missing(totals([day, { ...day, received: 30 }]))).toBe(9);
});
