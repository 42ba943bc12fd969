import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runs } from '../../test/support/property.ts';
import { KeyFilter } from './key-filter.ts';

type Key = readonly [number, number];

/** Spreads a number evenly over 32 bits. */
const mix = (number: number): number => {
  let value = Math.imul(number ^ (number >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return value ^ (value >>> 16);
};

/** A key as a hash would make it: halves that have nothing to do with each other. */
const keyOf = (id: number): Key => [mix(id), mix(id ^ 0x5bd1e995)];

const half = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });

describe('the key filter', () => {
  it('never denies a key it was given, for any keys', () => {
    const filter = new KeyFilter(0);
    fc.assert(
      fc.property(fc.array(fc.tuple(half, half)), (keys) => {
        for (const [high, low] of keys) filter.add(high, low);
        for (const [high, low] of keys) expect(filter.mayHave(high, low)).toBe(true);
      }),
      runs(200),
    );
  });

  it('denies everything while it is empty', () => {
    const filter = new KeyFilter(0);
    fc.assert(
      fc.property(half, half, (high, low) => {
        expect(filter.mayHave(high, low)).toBe(false);
      }),
      runs(200),
    );
  });

  it('gives less than one false alarm in a thousand when full, before and after it grows', () => {
    const filter = new KeyFilter(0);
    const bytesAtFirst = filter.bytes;
    let added = 0;
    for (; filter.bytes === bytesAtFirst; added += 1) filter.add(...keyOf(added));
    expect(added).toBeGreaterThan(2 ** 20);
    let falseAlarms = 0;
    const strangers = 100_000;
    for (let id = 1; id <= strangers; id += 1) if (filter.mayHave(...keyOf(-id))) falseAlarms += 1;
    expect(falseAlarms / strangers).toBeLessThan(0.001);
    for (let id = 0; id < added; id += 997) expect(filter.mayHave(...keyOf(id))).toBe(true);
    expect(filter.size).toBe(added);
  });
});
