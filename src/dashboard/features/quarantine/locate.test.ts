import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { locate } from './locate.ts';

const found = (text: string, pointer: string) => {
  const span = locate(text, pointer);
  return span && text.slice(span.from, span.to);
};

describe('where a pointer points', () => {
  const text = '{ "a/b" : [ 1, {"c":"x\\"}"} ,true], "lines": [], "d":-1.5e3}';

  test.each([
    ['', text],
    ['/a~1b/0', '1'],
    ['/a~1b/1', '{"c":"x\\"}"}'],
    ['/a~1b/1/c', '"x\\"}"'],
    ['/a~1b/2', 'true'],
    ['/d', '-1.5e3'],
    ['/lines', '[]'],
    ['/lines/0', '['],
    ['/store_id', '{'],
    ['/d/e', '-1.5e3'],
  ])('%s', (pointer, part) => {
    expect(found(text, pointer)).toBe(part);
  });

  test('of members with one name the last counts', () => {
    expect(found('{"a":1,"a":2}', '/a')).toBe('2');
  });

  test.each(['', '{"a"', '{"b":1', '[1 2]', '{"b" 1, "a":2}'])('nowhere in %j', (broken) => {
    expect(locate(broken, '/a')).toBeUndefined();
  });
});

/** Every pointer into a value, with what it points to. */
function pointersInto(value: unknown, path = ''): [string, unknown][] {
  const inner =
    typeof value === 'object' && value !== null
      ? Object.entries(value).flatMap(([name, part]) =>
          pointersInto(part, `${path}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`),
        )
      : [];
  return [[path, value], ...inner];
}

test('every part of any JSON, however it is spaced', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom(0, 2, '\t'), (value, space) => {
      const text = JSON.stringify(value, null, space);
      const plain: unknown = JSON.parse(text);
      for (const [pointer, part] of pointersInto(plain)) expect(JSON.parse(found(text, pointer) ?? '')).toEqual(part);
    }),
  );
});
