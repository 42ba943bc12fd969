import { expect, test } from 'vitest';
import { axisEnd, bucketsOf, bucketsShown } from './buckets.ts';

test('seconds within the same three are one bar: orders a second, worst freshness', () => {
  const seconds = [
    { at: 297_000, orders: 6, freshnessMs: 100 },
    { at: 298_000, orders: 3, freshnessMs: 250 },
    { at: 300_000, orders: 9, freshnessMs: 90 },
  ];
  expect(bucketsOf(seconds, 301_500)).toEqual([
    { index: bucketsShown - 2, ordersPerSecond: 3, freshnessMs: 250 },
    { index: bucketsShown - 1, ordersPerSecond: 3, freshnessMs: 90 },
  ]);
});

test('what is off the chart is left out', () => {
  expect(bucketsOf([{ at: 1_000, orders: 6, freshnessMs: 100 }], 900_000)).toEqual([]);
});

test.each([
  [0, 1],
  [1, 1],
  [1.2, 2],
  [173, 200],
  [201, 500],
  [730, 1_000],
])('an axis up to %d ends at %d', (value, end) => {
  expect(axisEnd(value)).toBe(end);
});
