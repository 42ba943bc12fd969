import { describe, expect, it } from 'vitest';
import { SlicehouseError } from '../contract/errors.ts';
import { from, limit, readParameters, state, to } from './parameters.ts';

const table = { state, from, to, limit: limit(3) };
const read = (written: Record<string, unknown>) => readParameters(table, written);
const faultsOf = (written: Record<string, unknown>): Record<string, string> => {
  try {
    read(written);
  } catch (error) {
    if (error instanceof SlicehouseError && error.code === 'invalid_parameter')
      return Object.fromEntries(error.errors.map((fault) => [fault.path, fault.message]));
  }
  throw new Error('There was no fault.');
};

describe('the parameters of a report', () => {
  it('have defaults, for an empty value too', () => {
    const defaults = { state: null, from: null, to: null, limit: 3 };
    expect(read({})).toEqual(defaults);
    expect(read({ state: '', from: '', limit: '' })).toEqual(defaults);
  });

  it('are read as people write them', () => {
    expect(read({ state: 'tx', from: '2028-02-29', to: '2028-02-29', limit: '10000' })).toEqual({
      state: 'TX',
      from: '2028-02-29',
      to: '2028-02-29',
      limit: 10_000,
    });
    expect(read({ state: 'unresolved' })['state']).toBe('unresolved');
  });

  it('name every mistake at once, with what is allowed', () => {
    expect(faultsOf({ state: 'ZZ', from: '2026-02-29', to: 'soon', limit: '0', colour: 'red' })).toEqual({
      state: expect.stringMatching(/^must be one of .*TX.*, or unresolved; .*; it is 'ZZ'$/),
      from: "must be an existing date written YYYY-MM-DD; it is '2026-02-29'",
      to: "must be an existing date written YYYY-MM-DD; it is 'soon'",
      limit: "must be a whole number from 1 to 10,000; it is '0'",
      colour: 'is not a parameter of this report; it takes state, from, to, limit',
    });
  });

  it('do not let from be after to', () => {
    expect(faultsOf({ from: '2026-02-02', to: '2026-02-01' })).toEqual({
      from: 'must not be after to; from is 2026-02-02 and to is 2026-02-01',
    });
  });

  it.each(['0', '-1', '10001', '1.5', '1e3', ' 3', '٣', 'NaN', '99999999999999999999'])(
    'refuse a limit of "%s"',
    (written) => {
      expect(faultsOf({ limit: written })).toHaveProperty('limit');
    },
  );

  it('refuse a value that is given twice, and names that JavaScript has anyway', () => {
    expect(faultsOf({ state: ['CA', 'TX'] })).toHaveProperty('state');
    expect(Object.keys(faultsOf(JSON.parse('{"__proto__": "1", "constructor": "2"}')))).toHaveLength(2);
  });
});
