import { describe, expect, it } from 'vitest';
import { csvLines } from './csv.ts';

async function* chunks(...rows: Record<string, unknown>[][]): AsyncGenerator<Record<string, unknown>[]> {
  yield* rows;
}

const csvOf = async (...values: unknown[]): Promise<string> => {
  let text = '';
  for await (const part of csvLines(['value'], chunks(values.map((value) => ({ value }))))) text += part;
  return text.slice('value\r\n'.length);
};

describe('CSV', () => {
  it('has a header and its columns in order, chunk after chunk', async () => {
    let text = '';
    for await (const part of csvLines(['b', 'a'], chunks([{ a: 1, b: 2 }], [], [{ a: 3, b: 4, c: 5 }]))) text += part;
    expect(text).toBe('b,a\r\n2,1\r\n4,3\r\n');
  });

  it('has a header even without rows', async () => {
    const parts: string[] = [];
    for await (const part of csvLines(['a', 'b'], chunks())) parts.push(part);
    expect(parts.join('')).toBe('a,b\r\n');
  });

  it.each([
    ['a comma', 'a,b', '"a,b"'],
    ['a quote', 'a "b"', '"a ""b"""'],
    ['a line break', 'a\nb', '"a\nb"'],
    ['nothing', null, ''],
    ['nothing at all', undefined, ''],
    ['a negative number', -5, '-5'],
    ['emoji', '🍕', '🍕'],
    ['JSON', '[{"name":"ham"}]', '"[{""name"":""ham""}]"'],
  ])('writes %s', async (_what, value, cell) => {
    expect(await csvOf(value)).toBe(`${cell}\r\n`);
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '\rx', '=cmd|"/c calc"!A1'])(
    'gives a spreadsheet no formula: %j',
    async (text) => {
      expect((await csvOf(text)).replace(/^"/, '')).toMatch(/^'/);
    },
  );
});
