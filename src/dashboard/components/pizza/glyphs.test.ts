import { expect, test } from 'vitest';
import { defaultSynonyms } from '../../../contract/vocabulary.ts';
import { glyphName, glyphs } from './glyphs.tsx';

const vocabulary = Object.keys(defaultSynonyms.topping ?? {});

test.each(vocabulary)('%s has a glyph of its own', (topping) => {
  expect(glyphName(topping)).toBe(topping);
  expect(glyphs[topping]).toBeDefined();
});

test('unknown toppings look like their family, or get a neutral glyph that stays theirs', () => {
  expect(glyphName('spicy_italian_sausage')).toBe('sausage');
  expect(glyphName('goat_cheese')).toBe('feta');
  expect(glyphName('pepperoncini')).toBe('banana_pepper');
  expect(glyphName('truffle')).toMatch(/^other-\d+$/);
  expect(glyphName('truffle')).toBe(glyphName('truffle'));
  expect(glyphs[glyphName('quinoa')]).toBeDefined();
});

test('names of an object’s own members are toppings like others', () => {
  expect(glyphName('constructor')).toMatch(/^other-\d+$/);
});
