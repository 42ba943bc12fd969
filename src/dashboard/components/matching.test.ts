import { expect, test } from 'vitest';
import { states } from '../../contract/states.ts';
import { matching } from './matching.ts';

const options = states.map(({ code, name }) => ({ value: code, label: name, code }));
const found = (typed: string) => matching(options, typed).map(({ value }) => value);

test('a code comes first, then beginnings, then later words', () => {
  expect(found('in')[0]).toBe('IN');
  expect(found('VA')).toEqual(['VA', 'NV', 'PA']);
  expect(found('new')).toEqual(['NH', 'NJ', 'NM', 'NY']);
  expect(found('dakota')).toEqual(['ND', 'SD']);
  expect(found('car')).toEqual(['NC', 'SC']);
});

test('nothing typed finds all, nonsense finds none', () => {
  expect(found('  ')).toHaveLength(52);
  expect(found('xyz')).toEqual([]);
});
