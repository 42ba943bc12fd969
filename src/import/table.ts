import type { Fault } from '../contract/errors.ts';
import type { FileSpec } from './mapping-schema.ts';
import type { SourceFile } from './match-files.ts';
import { didYouMean } from './nearest.ts';

/** A file of the mapping as a table: its columns known, its rows staged under numbered names. */
export interface Table {
  readonly name: string;
  /** Name of the staged table. */
  readonly sql: string;
  readonly spec: FileSpec;
  readonly sources: readonly SourceFile[];
  /** Columns of each source; of JSON the members of its first rows. */
  readonly columns: readonly (readonly string[])[];
  /** Whether rows are JSON values, whose members may differ from row to row. */
  readonly json: boolean;
  /** The table whose column holds the lists that the rows are elements of. */
  readonly parent: { readonly table: Table; readonly column: string } | undefined;
  /** Columns to stage: the n-th is staged as c<n>. It grows while the mapping is bound. */
  readonly wanted: string[];
}

/** A column of a table. `sql` is its staged name. */
export interface TableColumn {
  readonly table: Table;
  readonly column: string;
  readonly sql: string;
}

/** Index of a column by its name; case and spaces make no difference unless they must. */
export function columnIndex(columns: readonly string[], name: string): number {
  const exact = columns.indexOf(name);
  return exact >= 0 ? exact : columns.findIndex((column) => loose(column) === loose(name));
}

function loose(name: string): string {
  return name.trim().replace(/\s+/g, ' ').toLowerCase();
}

/** Makes sure that a column is staged and returns it. */
export function want(table: Table, column: string): TableColumn {
  let index = table.wanted.indexOf(column);
  if (index < 0) index = table.wanted.push(column) - 1;
  return { table, column, sql: `c${index}` };
}

/** What the file or files of a table are called in messages. */
export function labelOf(table: Table): string {
  if (table.parent) return `${labelOf(table.parent.table)} (${table.name})`;
  return table.sources.map(({ label }) => label).join(', ');
}

/**
 * Finds the column that a reference means: a column of `from`; else `file.column`; else a column that only one other
 * file has. Returns undefined and adds a fault if there is none and it may not be missing.
 */
export function resolve(
  tables: ReadonlyMap<string, Table>,
  from: Table,
  reference: string,
  path: string,
  faults: Fault[],
  optional = false,
): TableColumn | undefined {
  if (has(from, reference)) return found(from, reference, path, faults);
  const dot = reference.indexOf('.');
  const named = tables.get(reference.slice(0, Math.max(dot, 0)));
  if (named && has(named, reference.slice(dot + 1))) return found(named, reference.slice(dot + 1), path, faults);
  const others = [...tables.values()].filter((table) => has(table, reference));
  const [other, second] = others;
  if (other && second) {
    const choice = others.map(({ name }) => `${name}.${reference}`).join(' or ');
    faults.push({ path, message: `"${reference}" is in several files: write ${choice}.` });
    return undefined;
  }
  if (other) return found(other, reference, path, faults);
  if (!optional) faults.push({ path, message: missing(named ?? from, named ? reference.slice(dot + 1) : reference) });
  return undefined;
}

function has(table: Table, column: string): boolean {
  return table.columns.some((columns) => columnIndex(columns, column) >= 0);
}

function found(table: Table, column: string, path: string, faults: Fault[]): TableColumn {
  table.columns.forEach((columns, index) => {
    const label = table.sources[index]?.label ?? labelOf(table);
    if (columns.filter((other) => other === column).length > 1) {
      faults.push({ path, message: `${label} has two columns "${column}".` });
    } else if (!table.json && columnIndex(columns, column) < 0) {
      faults.push({ path, message: `${label} has no column "${column}", which the other files of its kind have.` });
    }
  });
  return want(table, column);
}

function missing(table: Table, column: string): string {
  const known = [...new Set(table.columns.flat())];
  const rows = table.json ? 'no member in its first rows called' : 'no column';
  const hint = table.json ? ' If it is rarely there, say `optional: true`.' : '';
  const shown = known.length > 40 ? `${known.slice(0, 40).join(', ')}, …` : known.join(', ');
  return `${labelOf(table)} has ${rows} "${column}".${didYouMean(column, known)} There are: ${shown || 'none'}.${hint}`;
}
