import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runs } from '../../test/support/property.ts';
import { limits } from './limits.ts';
import { shareDiscount } from './share-discount.ts';

const grossMax = limits.quantityMax * limits.priceCentsMax;
const gross = fc.array(fc.oneof(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: grossMax })), {
  minLength: 1,
  maxLength: limits.orderLinesMax,
});
const discount = fc.oneof(fc.integer({ min: 0, max: 100 }), fc.integer({ min: 0, max: 2 * grossMax }));
const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

describe('the shares of a discount', () => {
  it('add up to the discount exactly, or to all there is when the discount is larger', () => {
    fc.assert(
      fc.property(gross, discount, (lines, given) => {
        expect(sum(shareDiscount(lines, given))).toBe(Math.min(given, sum(lines)));
      }),
      runs(1000),
    );
  });

  it('are never negative and never more than their line', () => {
    fc.assert(
      fc.property(gross, discount, (lines, given) => {
        for (const [index, share] of shareDiscount(lines, given).entries()) {
          expect(share).toBeGreaterThanOrEqual(0);
          expect(share).toBeLessThanOrEqual(lines[index] ?? 0);
        }
      }),
      runs(300),
    );
  });

  it('are within one cent of pro rata', () => {
    fc.assert(
      fc.property(gross, discount, (lines, given) => {
        const total = BigInt(sum(lines));
        const shared = BigInt(Math.min(given, sum(lines)));
        for (const [index, share] of shareDiscount(lines, given).entries()) {
          const off = BigInt(share) * total - BigInt(lines[index] ?? 0) * shared;
          expect(off < total && off > -total).toBe(total > 0n);
        }
      }),
      { ...runs(300), examples: [[[1, 1, 1], 2]] },
    );
  });

  it.each([
    [[1000, 1000, 1000], 100, [34, 33, 33]],
    [[1599, 599], 200, [145, 55]],
    [[0, 0], 500, [0, 0]],
    [[0, 1], 1, [0, 1]],
    [[100, 200], 1_000, [100, 200]],
    [[5], 0, [0]],
    [[], 10, []],
    [[grossMax, grossMax, 1], 3, [2, 1, 0]],
  ])('of %j with a discount of %i are %j', (lines, given, shares) => {
    expect(shareDiscount(lines, given)).toEqual(shares);
  });

  it('are exact for the largest order the contract allows', () => {
    const lines = Array.from({ length: limits.orderLinesMax }, () => grossMax);
    expect(new Set(shareDiscount(lines, 100_000_000))).toEqual(new Set([1_000_000]));
  });
});
