import type { Column, Table, Unit } from './result.ts';

const fixed = (digits: number) => (value: number) =>
  value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });

const writers: Readonly<Record<Unit, (value: number) => string>> = {
  'orders/s': fixed(0),
  orders: fixed(0),
  lines: fixed(0),
  ms: (value) => fixed(value < 1 ? 2 : value < 100 ? 1 : 0)(value),
  s: fixed(1),
  MB: fixed(0),
  ratio: fixed(2),
  percent: (value) => `${fixed(0)(value)} %`,
  count: fixed(0),
};

/** A number with its unit, for sentences. */
export function withUnit(value: number, unit: Unit): string {
  const bare = unit === 'ratio' || unit === 'percent' || unit === 'count';
  return bare ? writers[unit](value) : `${writers[unit](value)} ${unit}`;
}

function cellText(cell: string | number | null, { unit }: Column): string {
  if (cell === null) return 'n/a';
  return typeof cell === 'number' && unit !== undefined ? writers[unit](cell) : String(cell);
}

function titleOf({ title, unit }: Column): string {
  const named = unit === 'ms' || unit === 's' || unit === 'MB' || unit === 'orders/s';
  return named ? `${title}, ${unit}` : title;
}

function textsOf({ columns, rows }: Table): string[][] {
  const cells = rows.map((row) => columns.map((column, index) => cellText(row[index] ?? null, column)));
  return [columns.map(titleOf), ...cells];
}

/** The table for a terminal: columns aligned, numbers to the right. */
export function consoleTable(table: Table): string {
  const texts = textsOf(table);
  const widths = table.columns.map((_, index) => Math.max(...texts.map((row) => (row[index] ?? '').length)));
  const lines = texts.map((row) =>
    row
      .map((text, index) => {
        const width = widths[index] ?? 0;
        return table.columns[index]?.unit === undefined ? text.padEnd(width) : text.padStart(width);
      })
      .join('  ')
      .trimEnd(),
  );
  return [table.title, ...lines.map((line) => `  ${line}`)].join('\n');
}

/** The table for a document, its title above. */
export function markdownTable(table: Table): string {
  const [head = [], ...rows] = textsOf(table);
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const rule = table.columns.map(({ unit }) => (unit === undefined ? '---' : '---:'));
  return [`**${table.title}**`, '', line(head), line(rule), ...rows.map(line)].join('\n');
}
