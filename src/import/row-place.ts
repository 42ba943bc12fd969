import { labelOf, type Table } from './table.ts';

/** Where a staged row was read; `id` is null where a join found none. */
export interface RowPlace {
  readonly id: number | null;
  /** Index of the source of the table. */
  readonly file: number;
  /** As a spreadsheet or an editor numbers it. */
  readonly row: number;
  /** Number of the element, from 1, where the rows of the table are elements of lists. */
  readonly item: number | null;
  /** What is wrong with the row itself. */
  readonly fault: string | null;
}

/** The columns of a staged table, under a name of its own, that make up a place. */
export function placeColumns(table: string): string[] {
  return ['id', 'file', 'row', 'item', 'fault'].map((column) => `${table}.${column}`);
}

/** Reads the columns of a place from a row of a query, beginning at an index. */
export function readPlaceOf(values: readonly unknown[], at = 0): RowPlace {
  return {
    id: values[at] as number | null,
    file: values[at + 1] as number,
    row: values[at + 2] as number,
    item: values[at + 3] as number | null,
    fault: values[at + 4] as string | null,
  };
}

/** File and row, as origins and messages name them: `orders.csv row 17`. */
export function originOf(table: Table, { file, row, item }: Pick<RowPlace, 'file' | 'row' | 'item'>): string {
  const origin = `${table.sources[file]?.label ?? labelOf(table)} row ${row}`;
  return item === null ? origin : `${origin} element ${item}`;
}
