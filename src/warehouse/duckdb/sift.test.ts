import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runs } from '../../../test/support/property.ts';
import { sift, type Trial } from './sift.ts';

/** Loads numbers: negative ones never load, and of those below 10 the sum may be 20 at the most. */
const trial: Trial<number> = async (items) => {
  const bad = items.find((item) => item < 0);
  if (bad !== undefined) return `${bad} is negative`;
  const small = items.filter((item) => item < 10).reduce((sum, item) => sum + item, 0);
  return small > 20 ? 'too much together' : undefined;
};

const valuesOf = async (items: readonly number[]): Promise<number[]> =>
  (await sift(items, trial)).map(({ item }) => item);

describe('sifting', () => {
  it('finds the one bad item among many in a few trials', async () => {
    let trials = 0;
    const items = Array.from({ length: 4_096 }, (_, index) => (index === 2_345 ? -1 : 100 + index));
    const found = await sift(items, (part) => {
      trials += 1;
      return trial(part);
    });
    expect(found).toEqual([{ item: -1, reason: '-1 is negative' }]);
    expect(trials).toBeLessThan(30);
  });

  it('finds nothing when all load', async () => {
    expect(await valuesOf([1, 2, 3])).toEqual([]);
    expect(await valuesOf([])).toEqual([]);
  });

  it('takes out what fails only together with others', async () => {
    expect(await valuesOf([9, 9, 9, 100])).toEqual([9]);
  });

  it('blames nobody when everything fails', async () => {
    expect(await valuesOf(Array.from({ length: 3_000 }, (_, index) => -1 - index))).toEqual([]);
    expect(await valuesOf(Array.from({ length: 900 }, (_, index) => -1 - index))).toHaveLength(900);
  });

  it('passes on a failure that is not about the items', async () => {
    await expect(
      sift([1, 2], async () => {
        throw new Error('The disk is full.');
      }),
    ).rejects.toThrow('The disk is full.');
  });

  it('leaves what loads, and blames no item without need, for any items', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(fc.integer({ min: -5, max: 60 }), { maxLength: 40 }), async (items) => {
        const found = await valuesOf(items);
        const rest = items.filter((item) => !found.includes(item));
        expect(await trial(rest)).toBeUndefined();
        for (const item of found) expect(await trial([...rest, item])).toBeDefined();
      }),
      runs(300),
    );
  });
});
