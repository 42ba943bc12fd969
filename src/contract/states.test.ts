import { describe, expect, it } from 'vitest';
import { stateCode, stateOf, states } from './states.ts';

describe('the states', () => {
  it('are the 50, the District of Columbia and Puerto Rico', () => {
    expect(states).toHaveLength(52);
    for (const key of ['code', 'name', 'fips'] as const)
      expect(new Set(states.map((state) => state[key])).size).toBe(52);
    expect(states.map((state) => state.code)).toEqual(expect.arrayContaining(['DC', 'PR']));
  });

  it('have time zones that exist', () => {
    for (const { timeZone } of states) expect(() => new Intl.DateTimeFormat('en-US', { timeZone })).not.toThrow();
  });

  it('are found by code and name, in any case', () => {
    for (const { code, name } of states)
      for (const written of [code, code.toLowerCase(), name, name.toUpperCase(), ` ${name} `])
        expect(stateCode(written)).toBe(code);
    expect(stateOf('TX')?.name).toBe('Texas');
  });
});

describe('stateCode', () => {
  it.each([
    ['tx', 'TX'],
    ['Texas', 'TX'],
    ['calif.', 'CA'],
    ['N.Y.', 'NY'],
    ['n. y.', 'NY'],
    ['Washington', 'WA'],
    ['Washington DC', 'DC'],
    ['Washington, D.C.', 'DC'],
    ['D.C.', 'DC'],
    ['W. Va.', 'WV'],
    ['new  york', 'NY'],
    ['Puerto Rico', 'PR'],
  ])('reads "%s" as %s', (written, code) => {
    expect(stateCode(written)).toBe(code);
  });

  it.each(['', 'XX', 'Ontario', 'BC', 'Guam', '12', 'constructor', '__proto__', 'toString', 'T X Y', "TX' OR 1=1"])(
    'does not know "%s"',
    (written) => {
      expect(stateCode(written)).toBeUndefined();
      expect(stateOf(written)).toBeUndefined();
    },
  );
});
