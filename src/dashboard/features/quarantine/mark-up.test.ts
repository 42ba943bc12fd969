import { expect, test } from 'vitest';
import { markUp } from './mark-up.ts';

const text = '{"lines":[{"quantity":0,"kind":"pie"}]}';

test('faulty values are pieces of their own, and all pieces are the text', () => {
  const pieces = markUp(text, [
    { path: '/lines/0/quantity', message: 'must be >= 1' },
    { path: '/lines/0/kind', message: 'must be one of pizza, side, drink' },
    { path: '/store_id', message: 'is missing' },
  ]);
  expect(pieces.filter(({ fault }) => fault !== undefined).map((piece) => [piece.text, piece.fault])).toEqual([
    ['{', 2],
    ['0', 0],
    ['"pie"', 1],
  ]);
  expect(pieces.map((piece) => piece.text).join('')).toBe(text);
});

test('the innermost of two faults has the piece', () => {
  const pieces = markUp(text, [
    { path: '/lines/0', message: 'a line' },
    { path: '/lines/0/quantity', message: 'its quantity' },
  ]);
  expect(pieces.map((piece) => [piece.text, piece.fault])).toEqual([
    ['{"lines":[', undefined],
    ['{"quantity":', 0],
    ['0', 1],
    [',"kind":"pie"}', 0],
    [']}', undefined],
  ]);
});

test('a fault of the whole, or of what cannot be found, marks nothing', () => {
  expect(
    markUp('not JSON', [
      { path: '', message: 'is not JSON' },
      { path: '/a', message: 'is missing' },
    ]),
  ).toEqual([{ from: 0, text: 'not JSON', fault: undefined }]);
});
