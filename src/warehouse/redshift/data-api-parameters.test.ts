import { describe, expect, test } from 'vitest';
import { literal, prepare } from './data-api-parameters.ts';

describe('prepare', () => {
  test('names become parameters, and values stay out of the text', () => {
    const { sql, parameters } = prepare('SELECT * FROM t WHERE a = $a AND b > CAST($from AS DATE)', {
      a: "x' OR '1' = '1",
      from: '2026-01-01',
    });
    expect(sql).toBe('SELECT * FROM t WHERE a = :p_a AND b > CAST(:p_from AS DATE)');
    expect(parameters).toEqual([
      { name: 'p_a', value: "x' OR '1' = '1" },
      { name: 'p_from', value: '2026-01-01' },
    ]);
  });

  test.each([
    ['a literal', "SELECT '$a', 'it''s $a'"],
    ['a quoted name', 'SELECT "$a"'],
    ['a name that goes on', 'SELECT b$a'],
    ['a number', 'SELECT $1'],
    ['a cast', 'SELECT b::DATE'],
  ])('%s holds no parameter', (_, sql) => {
    expect(prepare(sql, { a: 1 })).toEqual({ sql, parameters: [] });
  });

  test('comments go, because their words could be taken for parameters', () => {
    const { sql, parameters } = prepare("-- a :b and $c\nSELECT /* :d */ $a, '--' -- e:f", { a: 'x' });
    expect(sql.replace(/\s+/g, ' ')).toBe("SELECT :p_a, '--'");
    expect(parameters).toEqual([{ name: 'p_a', value: 'x' }]);
  });

  test('NULL and the empty string, which no parameter can hold, are the only values in the text', () => {
    expect(prepare('SELECT $a, $b, $a', { a: null, b: '' })).toEqual({ sql: "SELECT NULL, '', NULL", parameters: [] });
  });

  test('numbers and booleans are typed', () => {
    expect(prepare('SELECT $n, $d, $big, $t', { n: 3, d: 0.5, big: 1e300, t: false })).toEqual({
      sql: "SELECT CAST(:p_n AS BIGINT), CAST(:p_d AS DOUBLE PRECISION), CAST(:p_big AS DOUBLE PRECISION), (:p_t = 'true')",
      parameters: [
        { name: 'p_n', value: '3' },
        { name: 'p_d', value: '0.5' },
        { name: 'p_big', value: '1e+300' },
        { name: 'p_t', value: 'false' },
      ],
    });
  });

  test('a name that is mentioned twice is sent once, with its prefix', () => {
    expect(prepare('SELECT $a, $a', { a: 'x', unused: 'y' }, 's2_')).toEqual({
      sql: 'SELECT :s2_a, :s2_a',
      parameters: [{ name: 's2_a', value: 'x' }],
    });
  });

  test('what cannot be sent is refused', () => {
    expect(() => prepare('SELECT $a', {})).toThrow('The statement has $a, but no parameter of that name was given.');
    expect(() => prepare('SELECT $a', { a: Number.NaN })).toThrow('Parameter p_a is NaN, not a finite number.');
    expect(() => prepare("SELECT 'a\\', $a", { a: 1 })).toThrow('has a backslash');
  });
});

describe('literal', () => {
  test('takes addresses and roles', () => {
    expect(literal('s3://data-1/staging/a_b=c/x.json')).toBe("'s3://data-1/staging/a_b=c/x.json'");
    expect(literal('arn:aws:iam::123456789012:role/copy')).toBe("'arn:aws:iam::123456789012:role/copy'");
  });

  test.each(['', "a'b", 'a b', 'a\\b', 'a\nb', 'é'])('refuses %j', (text) => {
    expect(() => literal(text)).toThrow('cannot stand in a statement');
  });
});
