import fc from 'fast-check';
import { expect, test } from 'vitest';
import { states } from '../../../contract/states.ts';
import { type Choice, defaultChoice, inPlace, mixColumns, readChoice, writeChoice } from './choice.ts';
import { bases, measureNames } from './measures.ts';
import { presets } from './periods.ts';

const date = fc
  .date({ min: new Date('2020-01-01'), max: new Date('2030-12-31'), noInvalidDate: true })
  .map((at) => at.toISOString().slice(0, 10));

const choices: fc.Arbitrary<Choice> = fc.record({
  state: fc.constantFrom(undefined, 'unresolved', ...states.map(({ code }) => code)),
  range: fc.oneof(
    fc.constantFrom(...presets),
    fc.record({ from: date, to: date }),
    fc.record({ from: date }),
    fc.record({ to: date }),
  ),
  measure: fc.constantFrom(...measureNames),
  per: fc.constantFrom(...bases),
  places: fc.constantFrom('map', 'table'),
  sort: fc.record({ by: fc.constantFrom(...mixColumns), descending: fc.boolean() }),
  find: fc.string(),
  all: fc.boolean(),
});

test('an address says everything that was chosen', () => {
  fc.assert(
    fc.property(choices, (choice) => {
      expect(readChoice(writeChoice(choice))).toEqual(choice);
    }),
  );
});

test('what is so by default is not in the address', () => {
  expect(writeChoice(defaultChoice)).toBe('');
  expect(writeChoice({ ...defaultChoice, state: 'TX', range: '7d' })).toBe('?state=TX&range=7d');
});

test('an address written by hand is understood, nonsense is not', () => {
  expect(readChoice('?state=texas').state).toBe('TX');
  expect(readChoice('?state=atlantis&range=9d&measure=joy&sort=-&from=2026-02-30&rows=some')).toEqual(defaultChoice);
  expect(readChoice('?from=2026-02-01&range=7d').range).toEqual({ from: '2026-02-01' });
});

test('places stand in a sentence', () => {
  expect(inPlace(undefined)).toBe('in the United States');
  expect(inPlace('DC')).toBe('in the District of Columbia');
  expect(inPlace('TX')).toBe('in Texas');
});
