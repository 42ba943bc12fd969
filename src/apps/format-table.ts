import type { Column } from '../contract/report.ts';

/** Rows as a table for a terminal: money in dollars, numbers to the right. */
export function formatTable(columns: readonly Column[], rows: readonly Readonly<Record<string, unknown>>[]): string {
  const heads = columns.map((column) => column.name.replace(/_cents$/, '').replaceAll('_', ' '));
  const cells = rows.map((row) => columns.map((column) => cell(column, row[column.name])));
  const widths = heads.map((head, index) => Math.max(head.length, ...cells.map((row) => row[index]?.length ?? 0)));
  const line = (texts: readonly string[]): string =>
    texts
      .map((text, index) =>
        columns[index]?.type === 'integer' || columns[index]?.type === 'number'
          ? text.padStart(widths[index] ?? 0)
          : text.padEnd(widths[index] ?? 0),
      )
      .join('  ')
      .trimEnd();
  const rule = widths.map((width) => '-'.repeat(width));
  return `${[heads, rule, ...cells].map(line).join('\n')}\n`;
}

function cell(column: Column, value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value !== 'number') return String(value);
  if (column.unit === 'cents')
    return `$${(value / 100).toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`;
  if (column.unit === 'share') return `${(value * 100).toFixed(1)} %`;
  return value.toLocaleString('en-US');
}
