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

  it.each([
    [
      'CA',
      ['Calif', ' calif. ', 'CALIFORNIA', 'Cali', 'Cal.', 'C.A.', 'California, USA', 'US-CA', 'State of California'],
    ],
    ['DC', ['washington dc', 'Washington D.C.', 'Wash., D.C.', 'DC', 'D. C.', 'dist. of columbia', 'Washington-DC']],
    ['NY', ['N.Y.', 'ny', 'N Y', 'new\u00a0york', 'NewYork', 'New York State', 'NY, United States', 'New_York']],
    ['TX', ['tex', 'Tex.', 'TX.', 'ＴＸ', 'Ｔｅｘａｓ', 'TX USA', 'tx\u200b', '\ufefftexas', 'T.X.']],
    ['PA', ['Penna.', 'penn', 'Pa.', 'Commonwealth of Pennsylvania', 'Pennsylvannia']],
    ['NM', ['new mexico ', 'N. Mex.', 'n.m.', 'New  Mexico', 'N Mexico']],
    ['PR', ['P.R.', 'puerto rico', 'PuertoRico', 'Porto Rico', 'Commonwealth of Puerto Rico']],
    ['NC', ['N. Carolina', 'No. Carolina', 'N.C.', 'north-carolina', 'NorthCarolina']],
    ['ND', ['N. Dak.', 'No. Dakota', 'N.D.']],
    ['SC', ['S Carolina', 'So. Carolina', 'S. Car.']],
    ['SD', ['S. Dak.', 'South Dakota.']],
    ['WV', ['W.Va.', 'West Va.', 'W Virginia', 'W. V.']],
    ['WA', ['Wash.', 'Washington State', 'WA State']],
    ['HI', ["Hawai'i", 'Hawaiʻi', 'Haw.']],
    ['MA', ['Mass.', 'Massachussetts', 'The Commonwealth of Massachusetts']],
    ['TN', ['Tenn.', 'Tennesee']],
    ['NE', ['Nebr.', 'Neb']],
    ['OR', ['Ore.', 'Oreg.']],
    ['KS', ['Kans.', 'Kan.', 'kansas']],
    ['AR', ['Ark.', 'arkansas']],
    ['ME', ['Me.', 'State of Maine']],
    ['VA', ['Va.', 'virginia']],
  ])('reads what people type for %s', (code, typed) => {
    expect(typed.filter((written) => stateCode(written) !== code)).toEqual([]);
  });

  it('does not take a part of a name for the state', () => {
    const wrong = [
      'New',
      'Carolina',
      'Dakota',
      'West',
      'Virgin Islands',
      'New York City',
      'Texas Texas',
      'USA',
      'of',
      'N',
    ];
    expect(wrong.filter((written) => stateCode(written) !== undefined)).toEqual([]);
  });

  it.each(['', 'XX', 'Ontario', 'BC', 'Guam', '12', 'constructor', '__proto__', 'toString', 'T X Y', "TX' OR 1=1"])(
    'does not know "%s"',
    (written) => {
      expect(stateCode(written)).toBeUndefined();
      expect(stateOf(written)).toBeUndefined();
    },
  );
});
