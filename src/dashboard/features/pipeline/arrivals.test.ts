import { expect, test } from 'vitest';
import { addReading, arrivalRate, type Reading } from './arrivals.ts';

const read = (...readings: Reading[]) =>
  readings.reduce<readonly Reading[]>((kept, reading) => addReading(kept, reading), []);

test('the rate is what came in between, by the seconds in between', () => {
  expect(arrivalRate(read({ at: 0, received: 100 }))).toBeUndefined();
  expect(arrivalRate(read({ at: 0, received: 100 }, { at: 5_000, received: 150 }))).toBe(10);
});

test('what is more than a minute ago does not count', () => {
  const readings = read(
    { at: 0, received: 0 },
    { at: 10_000, received: 5_000 },
    { at: 40_000, received: 5_000 },
    { at: 75_000, received: 5_065 },
  );
  expect(readings).toHaveLength(3);
  expect(arrivalRate(readings)).toBe(1);
});

test('a count that shrinks is another data folder', () => {
  expect(read({ at: 0, received: 100 }, { at: 5_000, received: 10 })).toEqual([{ at: 5_000, received: 10 }]);
});
