import { expect, test } from 'vitest';
import { states } from '../../../contract/states.ts';
import { neighbour, spots } from './geography.ts';

test('every state, DC and Puerto Rico has one place', () => {
  expect(spots.map(({ code }) => code).sort()).toEqual(states.map(({ code }) => code).sort());
});

test('arrow keys go to the neighbour that one sees there', () => {
  expect(neighbour('NV', 'ArrowLeft')).toBe('CA');
  expect(neighbour('KS', 'ArrowDown')).toBe('OK');
  expect(neighbour('OK', 'ArrowDown')).toBe('TX');
  expect(neighbour('WY', 'ArrowUp')).toBe('MT');
  expect(neighbour('ME', 'ArrowRight')).toBeUndefined();
  expect(neighbour('KS', 'x')).toBeUndefined();
});

test('arrow keys reach every place from the middle', () => {
  const reached = new Set(['KS']);
  for (const code of reached) {
    for (const key of ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown']) {
      const next = neighbour(code, key);
      if (next !== undefined) reached.add(next);
    }
  }
  expect(spots.map(({ code }) => code).filter((code) => !reached.has(code))).toEqual([]);
});
