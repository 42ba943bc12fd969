import { describe, expect, it } from 'vitest';
import { hashOf, Random, WeightedPicker } from './random.ts';

describe('Random', () => {
  it('gives the same numbers for the same seed, and others for another', () => {
    const numbers = (seed: number) => {
      const random = new Random(seed);
      return Array.from({ length: 20 }, () => random.next());
    };
    expect(numbers(7)).toEqual(numbers(7));
    expect(numbers(7)).not.toEqual(numbers(8));
  });

  it('starts again when seeded', () => {
    const random = new Random(3);
    const first = random.next();
    random.next();
    random.seed(3);
    expect(random.next()).toBe(first);
  });

  it('fills every tenth of the unit interval evenly', () => {
    const random = new Random(11);
    const counts = Array.from({ length: 10 }, () => 0);
    for (let draw = 0; draw < 100_000; draw++) {
      const tenth = random.below(10);
      counts[tenth] = (counts[tenth] ?? 0) + 1;
    }
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(400);
  });

  it.each([0.3, 4, 80])('counts events that happen %d times on average', (mean) => {
    const random = new Random(5);
    let total = 0;
    for (let draw = 0; draw < 20_000; draw++) total += random.poisson(mean);
    expect(total / 20_000).toBeCloseTo(mean, mean > 30 ? 0 : 1);
  });

  it('hashes neighbours far apart, and the order of values matters', () => {
    expect(hashOf(1, 2)).not.toBe(hashOf(2, 1));
    const seen = new Set(Array.from({ length: 10_000 }, (_, index) => hashOf(1, index)));
    expect(seen.size).toBe(10_000);
  });
});

describe('WeightedPicker', () => {
  it('picks in proportion to the weights, and never what weighs nothing', () => {
    const weights = [5, 0, 1, 4];
    const picker = new WeightedPicker(weights);
    const random = new Random(2);
    const counts = [0, 0, 0, 0];
    for (let draw = 0; draw < 100_000; draw++) {
      const index = picker.at(random.next());
      counts[index] = (counts[index] ?? 0) + 1;
    }
    counts.forEach((count, index) => {
      expect(Math.abs(count - (weights[index] ?? 0) * 10_000)).toBeLessThan(500);
    });
    expect(counts[1]).toBe(0);
  });
});
