import { describe, expect, test } from 'vitest';
import { elementsOf } from './elements.ts';
import { memberAt, memberPaths, parseJson, parseLiteral } from './json-value.ts';
import { globPattern } from './match-files.ts';
import { didYouMean } from './nearest.ts';
import { readPlace } from './place.ts';

test.each([
  ['Austin, TX', { city: 'Austin', state: 'TX' }],
  ['Austin, TX 78704', { city: 'Austin', state: 'TX', zip: '78704' }],
  ['12 Elm St, Round Rock, Texas, 78664-1234, USA', { city: 'Round Rock', state: 'TX', zip: '78664-1234' }],
  ['Austin TX', { city: 'Austin', state: 'TX' }],
  ['Winston-Salem, North Carolina', { city: 'Winston-Salem', state: 'NC' }],
  ['Charlotte north carolina', { city: 'Charlotte', state: 'NC' }],
  ['Washington, D.C.', { city: 'Washington', state: 'DC' }],
  ['New York, NY', { city: 'New York', state: 'NY' }],
  ['tx', { state: 'TX' }],
  ['78704', { zip: '78704' }],
  ['Toronto', { city: 'Toronto' }],
])('the place %s', (written, place) => {
  expect(readPlace(written)).toEqual(place);
});

describe('JSON', () => {
  test('whole numbers too long for floating point become texts, numbers within texts stay', () => {
    expect(
      parseJson('{"a":1234567890123456789,"b":"x 1234567890123456789","c":[12.5,1e30,12345678901234567.5]}'),
    ).toEqual({ a: '1234567890123456789', b: 'x 1234567890123456789', c: [12.5, 1e30, 12_345_678_901_234_568] });
  });

  test('members are found by path, own names with dots first', () => {
    const value = parseJson('{"a":{"b":{"c":1}},"a.b":{"d":2},"__proto__":{"e":3}}');
    expect(memberAt(value, 'a.b.d')).toBeUndefined();
    expect(memberAt(value, 'a.b')).toEqual({ d: 2 });
    expect(memberAt(value, 'a.b.c')).toBe(1);
    expect(memberAt(value, '__proto__.e')).toBe(3);
    expect(memberAt(value, 'toString')).toBeUndefined();
    expect(memberPaths(value)).toEqual(['a', 'a.b', 'a.b.c', 'a.b', 'a.b.d', '__proto__', '__proto__.e']);
  });

  test('lists as Python prints them', () => {
    expect(parseLiteral(`['Ham', "Pig's ear", None, True, {'n': 'it\\'s'}]`)).toEqual([
      'Ham',
      "Pig's ear",
      null,
      true,
      { n: "it's" },
    ]);
    expect(parseLiteral('Ham, Corn')).toBeUndefined();
  });
});

describe('lists', () => {
  test('an element that does not fit, and a list that is none, have a fault', () => {
    const spec = { separator: ';', extract: '^(?<n>\\d+)x (?<name>.+)$' };
    const [good, bad] = elementsOf('2x Ham; Ham', spec);
    expect(good).toMatchObject({ value: { n: '2', name: 'Ham' }, fault: undefined });
    expect(bad?.fault).toContain('"Ham" does not fit');
    expect(elementsOf('Ham', {})[0]?.fault).toContain('not a JSON list');
    expect(elementsOf(null, {})).toEqual([]);
    expect(elementsOf({ a: 1 }, {}).map(({ value }) => value)).toEqual([{ a: 1 }]);
  });
});

test('patterns take a whole name in any case', () => {
  expect(globPattern('* Sauce').test('BBQ sauce')).toBe(true);
  expect(globPattern('* Sauce').test('Saucery')).toBe(false);
  expect(globPattern('orders-20?4.csv').test('orders-2014.csv')).toBe(true);
  expect(globPattern('a.csv').test('abcsv')).toBe(false);
});

test('the nearest name is suggested only if it is near', () => {
  expect(didYouMean('prise', ['size', 'price'])).toBe(' Did you mean "price"?');
  expect(didYouMean('zzzzzz', ['size', 'price'])).toBe('');
});
