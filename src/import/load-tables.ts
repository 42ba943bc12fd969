import { pick } from './describe-tables.ts';
import { type Element, elementsOf } from './elements.ts';
import { cellText } from './json-value.ts';
import type { FileSpec } from './mapping-schema.ts';
import { openSource } from './open-source.ts';
import type { Staging, TableWriter } from './staging.ts';
import { columnIndex, type Table } from './table.ts';

/** What is absent unless the mapping says otherwise; case makes no difference. */
const absentByDefault = ['', 'null', 'nil', 'nan', 'na', 'n/a', '#n/a', 'none', 'nat', 'undefined', '-', '\\n'];

/** Trims a cell; null if it means that there is no value. */
export type Clean = (text: string) => string | null;

export function createClean(absent: readonly string[] = absentByDefault): Clean {
  const texts = new Set(absent.map((text) => text.trim().toLowerCase()));
  const longest = Math.max(0, ...[...texts].map((text) => text.length));
  return (text) => {
    const trimmed = text.trim();
    return trimmed.length <= longest && texts.has(trimmed.toLowerCase()) ? null : trimmed;
  };
}

/** Told after every batch of rows; `rows` are those read since the last time. */
export type OnRows = (rows: number) => void;

/**
 * Reads all files into the staging, once each, keeping the columns that the mapping uses. Returns how many rows
 * were left out by `only` and `skip`.
 *
 * @throws ImportError when a file cannot be read
 */
export async function loadTables(
  tables: readonly Table[],
  staging: Staging,
  clean: Clean,
  onRows: OnRows,
): Promise<number> {
  const writers = new Map<Table, TableWriter>();
  for (const table of tables) writers.set(table, await staging.write(table));
  const skipped = { rows: 0 };
  for (const table of tables.filter(({ parent }) => parent === undefined)) {
    const columns = [...table.wanted, ...columnsUsedOnLoad(table, tables)];
    for (const [file, source] of table.sources.entries()) {
      const reader = await openSource(staging.connection, source, table.spec, columns);
      const load = createLoader(table, tables, writers, reader.columns, clean, skipped);
      for await (const batch of reader.batches()) {
        for (const { value, raw, fault = null, row } of batch)
          load({ value, raw, fault, row, file, item: null, parent: null });
        onRows(batch.length);
      }
    }
  }
  for (const writer of writers.values()) writer.close();
  return skipped.rows;
}

/** Columns that are needed while reading but not staged: those that filter, and those that hold lists. */
function columnsUsedOnLoad(table: Table, tables: readonly Table[]): string[] {
  const { only, skip } = table.spec;
  const lists = tables.flatMap(({ parent }) => (parent?.table === table ? [parent.column] : []));
  return [...Object.keys(only ?? {}), ...Object.keys(skip ?? {}), ...lists];
}

interface RowToLoad {
  readonly value: unknown;
  readonly raw: string;
  readonly fault: string | null;
  readonly file: number;
  readonly row: number;
  readonly item: number | null;
  readonly parent: number | null;
}

type Load = (row: RowToLoad) => void;

function createLoader(
  table: Table,
  tables: readonly Table[],
  writers: ReadonlyMap<Table, TableWriter>,
  columns: readonly string[] | null,
  clean: Clean,
  skipped: { rows: number },
): Load {
  const writer = writers.get(table);
  const read = (value: unknown, column: string) => pick(value, columns, column);
  const passes = createFilter(table.spec, read, clean);
  const cellsOf = createCells(table, columns, clean);
  const children = tables
    .filter(({ parent }) => parent?.table === table)
    .map((child) => ({ child, load: createLoader(child, tables, writers, null, clean, skipped) }));
  return (row) => {
    if (row.fault === null && !passes(row.value)) {
      skipped.rows += 1;
      return;
    }
    const id = writer?.append(row, cellsOf(row.value)) ?? 0;
    for (const { child, load } of children) {
      const list = read(row.value, child.parent?.column ?? '');
      const elements = elementsOf(typeof list === 'string' ? clean(list) : list, child.spec);
      for (const [index, element] of elements.entries()) load(elementRow(element, row, id, index + 1));
    }
  };
}

function elementRow({ value, raw, fault }: Element, above: RowToLoad, parent: number, item: number): RowToLoad {
  return { value, raw, fault: fault ?? null, file: above.file, row: above.row, item, parent };
}

/** Reads the wanted cells of a row; a column that is filled down repeats the last value it had. */
function createCells(table: Table, columns: readonly string[] | null, clean: Clean) {
  const picks = table.wanted.map((column) => ({
    at: columns === null ? undefined : columnIndex(columns, column),
    column,
    fill: table.spec.fill_down?.includes(column) ?? false,
    last: null as string | null,
  }));
  return (value: unknown): (string | null)[] =>
    picks.map((cell) => {
      const found = cell.at === undefined ? pick(value, columns, cell.column) : (value as unknown[])[cell.at];
      const text = cellText(found);
      const cleaned = text === null ? null : clean(text);
      if (!cell.fill) return cleaned;
      cell.last = cleaned ?? cell.last;
      return cell.last;
    });
}

function createFilter(
  { only = {}, skip = {} }: FileSpec,
  read: (value: unknown, column: string) => unknown,
  clean: Clean,
): (value: unknown) => boolean {
  const tests = [
    ...Object.entries(only).map(([column, texts]) => ({ column, texts: lowered(texts), wanted: true })),
    ...Object.entries(skip).map(([column, texts]) => ({ column, texts: lowered(texts), wanted: false })),
  ];
  return (value) =>
    tests.every(({ column, texts, wanted }) => {
      const text = cellText(read(value, column)) ?? '';
      return (texts.has(text.trim().toLowerCase()) || (clean(text) === null && texts.has(''))) === wanted;
    });
}

function lowered(texts: readonly (string | number | boolean)[]): Set<string> {
  return new Set(texts.map((text) => String(text).trim().toLowerCase()));
}
