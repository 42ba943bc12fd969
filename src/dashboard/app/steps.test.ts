import { expect, test } from 'vitest';
import { addStep, keptMs, rateOf } from './steps.ts';

test('steps of one second are one, with all orders and the worst freshness', () => {
  const first = addStep([], { at: 10_200, orders: 3, freshnessMs: 180 });
  const both = addStep(first, { at: 10_900, orders: 2, freshnessMs: 90 });
  expect(both).toEqual([{ at: 10_000, orders: 5, freshnessMs: 180 }]);
  expect(addStep(both, { at: 12_000, orders: 1, freshnessMs: 50 })).toHaveLength(2);
});

test('what is too long ago is let go', () => {
  const old = addStep([], { at: 10_000, orders: 3, freshnessMs: 180 });
  expect(addStep(old, { at: 10_000 + keptMs, orders: 1, freshnessMs: 1 })).toHaveLength(1);
});

test('the rate is of the last seconds only', () => {
  const old = addStep([], { at: 10_000, orders: 600, freshnessMs: 180 });
  const seconds = addStep(old, { at: 100_000, orders: 120, freshnessMs: 180 });
  expect(rateOf(seconds, 100_500, 60_000)).toBe(2);
});

test('the rate of the first seconds is of as many seconds', () => {
  const seconds = addStep(addStep([], { at: 10_000, orders: 20, freshnessMs: 1 }), {
    at: 12_000,
    orders: 20,
    freshnessMs: 1,
  });
  expect(rateOf(seconds, 14_000, 60_000)).toBe(10);
  expect(rateOf([], 14_000, 60_000)).toBe(0);
});
