import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runs } from '../../test/support/property.ts';
import { splitLines } from './split-lines.ts';

const split = (text: string): [number, string][] =>
  splitLines(Buffer.from(text)).map(({ number, content }) => [number, content.toString()]);

describe('splitLines', () => {
  it.each<[string, [number, string][]]>([
    [
      'a\nb',
      [
        [1, 'a'],
        [2, 'b'],
      ],
    ],
    [
      'a\r\nb\r\n',
      [
        [1, 'a'],
        [2, 'b'],
      ],
    ],
    ['\n \t\na', [[3, 'a']]],
    ['\r\n\r\na', [[3, 'a']]],
    ['a\rb', [[1, 'a\rb']]],
    ['', []],
  ])('of %j', (text, lines) => {
    expect(split(text)).toEqual(lines);
  });

  it('loses nothing but line ends and blank lines, for any text', () => {
    const line = fc.string({ unit: 'binary' }).map((text) => text.replace(/[\r\n]/g, ''));
    fc.assert(
      fc.property(fc.array(line), fc.constantFrom('\n', '\r\n'), (lines, end) => {
        const written = lines.map((text, index): [number, string] => [index + 1, text]);
        expect(split(lines.join(end))).toEqual(written.filter(([, text]) => !/^[ \t]*$/.test(text)));
      }),
      runs(300),
    );
  });
});
