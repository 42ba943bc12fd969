import type { Row } from '../warehouse/warehouse.ts';

/** RFC 4180 lines of a stream of rows, a header first, chunk by chunk. */
export async function* csvLines(columns: readonly string[], rows: AsyncIterable<Row[]>): AsyncGenerator<string> {
  yield `${columns.join(',')}\r\n`;
  for await (const chunk of rows) {
    yield chunk.map((row) => `${columns.map((name) => cell(row[name])).join(',')}\r\n`).join('');
  }
}

/** A text that a spreadsheet would take for a formula is led by an apostrophe. */
function cell(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') return String(value);
  const text = /^[=+\-@\t\r]/.test(String(value)) ? `'${String(value)}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
