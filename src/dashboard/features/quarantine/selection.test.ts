import { expect, test } from 'vitest';
import { readSelection, writeSelection } from './selection.ts';

test.each(['', '?status=all', '?code=invalid_order', '?status=dropped&code=invalid_order&source=till+7'])(
  '"%s" comes back as it was',
  (search) => {
    expect(writeSelection(readSelection(search))).toBe(search);
  },
);

test('what is not understood is as by default', () => {
  expect(readSelection('?status=nonsense&code=')).toEqual({ status: 'waiting', code: undefined, source: undefined });
});
