import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type CsvDialect, type CsvRecord, CsvSplitter, recordCharactersMax } from './csv-splitter.ts';

const plain: CsvDialect = { delimiter: ',', quote: '"', escape: '"' };

function split(text: string, cuts: readonly number[] = [], dialect = plain): CsvRecord[] {
  const splitter = new CsvSplitter(dialect);
  const at = [0, ...[...cuts].sort((a, b) => a - b).map((cut) => cut % (text.length + 1)), text.length];
  const sorted = at.sort((a, b) => a - b);
  const records = sorted.flatMap((from, index) => splitter.push(text.slice(from, sorted[index + 1] ?? from), false));
  return [...records, ...splitter.push('', true)];
}

const letters = fc.constantFrom('a', 'é', '🍕', ' ', ',', ';', '"', "'", '\n', '\r', '\r\n', '\\');
const cell = fc.array(letters, { maxLength: 6 }).map((parts) => parts.join(''));
const rows = fc.array(fc.array(cell, { minLength: 1, maxLength: 4 }), { maxLength: 6 });
const dialects = fc.constantFrom<CsvDialect>(plain, { ...plain, delimiter: ';' }, { ...plain, escape: '\\' });

test('what a writer wrote comes back, wherever the pieces are cut', () => {
  fc.assert(
    fc.property(
      rows,
      dialects,
      fc.constantFrom('\n', '\r\n', '\r'),
      fc.array(fc.nat(200)),
      (table, dialect, end, cuts) => {
        const { delimiter, escape: mark } = dialect;
        const quoted = (text: string) => {
          const escaped = mark === '"' ? text.replaceAll('"', '""') : text.replace(/["\\]/g, '\\$&');
          return `"${escaped}"`;
        };
        const text = table.map((row) => row.map(quoted).join(delimiter) + end).join('');
        const records = split(text, cuts, dialect);
        expect(records.map(({ cells }) => cells)).toEqual(table);
        expect(records.map(({ raw }) => raw + end).join('')).toBe(text);
        expect(records.some(({ torn }) => torn)).toBe(false);
      },
    ),
  );
});

test('any text is split without loss, in the same way wherever the pieces are cut', () => {
  fc.assert(
    fc.property(
      fc.array(letters).map((parts) => parts.join('')),
      fc.array(fc.nat(200)),
      (text, cuts) => {
        const whole = split(text);
        expect(split(text, cuts)).toEqual(whole);
        const breaks = whole.map(({ raw }) => raw).join('').length;
        expect(breaks).toBeLessThanOrEqual(text.length);
      },
    ),
  );
});

test('quotes where they do not belong are letters', () => {
  expect(split('5" pan,"a"b,\n')[0]?.cells).toEqual(['5" pan', 'ab', '']);
});

test('a quote that is never closed costs its own line only, at the end and in the middle of a large file', () => {
  expect(split('a,"b\nc,d\n').map(({ cells, torn }) => [cells, torn])).toEqual([
    [['a', '"b'], true],
    [['c', 'd'], false],
  ]);
  const line = 'c,d\n';
  const text = `a,"b\n${line.repeat(recordCharactersMax / 2)}`;
  const records = split(text, [recordCharactersMax + 100]);
  expect(records).toHaveLength(1 + recordCharactersMax / 2);
  expect(records.filter(({ torn }) => torn)).toHaveLength(1);
});
