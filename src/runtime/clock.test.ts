import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runs } from '../../test/support/property.ts';
import { Clock } from './clock.ts';

const hourMs = 3_600_000;

/** A clock that can be set, and the time that has really passed. */
function settable(): { clock: Clock; pass: (ms: number) => void; set: (byMs: number) => void; wall: () => number } {
  let [steady, setBy] = [0, Date.UTC(2026, 1, 9)];
  const wall = (): number => steady + setBy;
  return {
    clock: new Clock({ wall, steady: () => steady }),
    wall,
    pass: (ms) => {
      steady += ms;
    },
    set: (byMs) => {
      setBy += byMs;
    },
  };
}

describe('a clock', () => {
  it('says the time of day', () => {
    const { clock, wall, set } = settable();
    expect(clock.now()).toBe(wall());
    set(hourMs);
    expect(clock.now()).toBe(wall());
  });

  it.each([hourMs, -hourMs])('that is set by %i ms knows how long ago things were before and after', (byMs) => {
    const { clock, pass, set } = settable();
    const first = clock.now();
    pass(100);
    const second = clock.now();
    set(byMs);
    pass(50);
    const third = clock.now();
    pass(50);
    const now = clock.now();
    expect([first, second, third].map((stamp) => now - clock.restated(stamp, now))).toEqual([200, 100, 50]);
  });

  it('is never ahead of itself, and right within a drift, however it is set', () => {
    const step = fc.record({
      byMs: fc.integer({ min: -2 * hourMs, max: 2 * hourMs }),
      afterMs: fc.nat({ max: 5_000 }),
    });
    fc.assert(
      fc.property(step, fc.nat({ max: 60_000 }), (jump, waitMs) => {
        const { clock, pass, set } = settable();
        const stamp = clock.now();
        pass(jump.afterMs);
        set(jump.byMs);
        const now = clock.now();
        const age = now - clock.restated(stamp, now);
        expect(age).toBeGreaterThanOrEqual(0);
        // Within a backward jump that is smaller than the age, nothing tells before from after.
        if (jump.byMs < 0 && -jump.byMs <= jump.afterMs) return;
        expect(Math.abs(age - jump.afterMs)).toBeLessThanOrEqual(1_000);
        pass(waitMs);
        const after = clock.now();
        const later = clock.now();
        expect(later - clock.restated(after, later)).toBe(0);
      }),
      runs(1_000),
    );
  });
});
