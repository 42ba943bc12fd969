import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { CombinationTopping } from '../../../contract/combination.ts';
import { amounts, portions } from '../../../contract/order.ts';
import { layOut } from './layout.ts';

const radius = 52;
const topping = fc.record({
  name: fc.constantFrom('pepperoni', 'mushroom', 'onion', 'ham', 'basil'),
  portion: fc.constantFrom(...portions),
  amount: fc.constantFrom(...amounts),
});
const toppings = fc.uniqueArray(topping, { selector: ({ name }) => name, maxLength: 5 });
const detail = fc.constantFrom('small', 'large');
const on = (name: string, more: Partial<CombinationTopping> = {}): CombinationTopping => ({
  name,
  portion: 'whole',
  amount: 'regular',
  ...more,
});

test('the same combination is always drawn the same', () => {
  fc.assert(
    fc.property(fc.string(), toppings, detail, (key, list, size) => {
      expect(layOut(key, list, size, radius)).toEqual(layOut(key, list, size, radius));
    }),
  );
});

test('pieces lie on the pizza, and those of a half on their half', () => {
  fc.assert(
    fc.property(fc.string(), toppings, detail, (key, list, size) => {
      for (const { topping: name, x, y } of layOut(key, list, size, radius)) {
        const portion = list.find((one) => one.name === name)?.portion;
        expect(Math.hypot(x, y)).toBeLessThanOrEqual(radius);
        if (portion === 'left') expect(x).toBeLessThan(0);
        if (portion === 'right') expect(x).toBeGreaterThan(0);
      }
    }),
  );
});

test('every topping shows, even among many on a small drawing', () => {
  const list = ['pepperoni', 'mushroom', 'onion', 'ham', 'basil'].map((name) => on(name));
  expect(new Set(layOut('key', list, 'small', radius).map((piece) => piece.topping)).size).toBe(5);
});

test('more of a topping is more pieces', () => {
  const pieces = (amount: CombinationTopping['amount'], size: 'small' | 'large') =>
    layOut('key', [on('ham', { amount })], size, radius).length;
  for (const size of ['small', 'large'] as const) {
    expect(pieces('light', size)).toBeLessThan(pieces('regular', size));
    expect(pieces('regular', size)).toBeLessThan(pieces('extra', size));
  }
});

test('no toppings, no pieces', () => {
  expect(layOut('key', [], 'large', radius)).toEqual([]);
});
