import writeXlsxFile, { type Cell } from 'write-excel-file/node';
import type { Column } from '../contract/report.ts';
import type { Row } from '../warehouse/warehouse.ts';

/** What a sheet of a workbook can hold, its header included. */
export const sheetRowsMax = 1_048_576;

/** A workbook of one sheet with a header: money in dollars, shares in percent, texts as texts, never as formulas. */
export function xlsx(columns: readonly Column[], rows: readonly Row[]): Promise<Buffer> {
  const head = columns.map((column) => ({
    value: column.name.replace(/_cents$/, '_usd'),
    fontWeight: 'bold' as const,
  }));
  const cells = rows.map((row) => columns.map((column) => cell(column, row[column.name])));
  return writeXlsxFile([head, ...cells], { stickyRowsCount: 1 }).toBuffer();
}

function cell(column: Column, value: unknown): Cell {
  if (value === null || value === undefined) return null;
  if (typeof value !== 'number') return { value: String(value), type: String };
  if (column.unit === 'cents') return { value: value / 100, type: Number, format: '#,##0.00' };
  if (column.unit === 'share') return { value, type: Number, format: '0.0%' };
  return { value, type: Number };
}
