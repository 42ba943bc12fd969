import { expect, test } from 'vitest';
import { scaleOf } from './scale.ts';

test('classes hold about as many states each, from the palest to the darkest', () => {
  const values = Array.from({ length: 50 }, (_, at) => (at + 1) ** 3);
  const scale = scaleOf(values);
  const tints = values.map((value) => scale.tint(value));
  expect([0, 1, 2, 3, 4].map((tint) => tints.filter((one) => one === tint).length)).toEqual([10, 10, 10, 10, 10]);
  expect(scale.most).toBe(125_000);
});

test('few distinct amounts make few classes, the least pale and the most dark', () => {
  expect(scaleOf([5, 5, 5]).bounds).toEqual([5]);
  expect(scaleOf([5]).tint(5)).toBe(4);
  const two = scaleOf([1, 1, 1, 9, 9, 9]);
  expect([two.tint(1), two.tint(9)]).toEqual([0, 4]);
});

test('no amounts, no classes that mean anything', () => {
  expect(scaleOf([]).most).toBe(0);
});
