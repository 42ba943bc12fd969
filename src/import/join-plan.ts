import type { Fault } from '../contract/errors.ts';
import { fileOfReference } from './mapping-files.ts';
import { columnIndex, type Table, want } from './table.ts';

/** Two tables and the staged columns on which they meet. */
export interface Edge {
  readonly tables: readonly [Table, Table];
  readonly on: readonly { readonly columns: readonly [string, string]; readonly names: readonly [string, string] }[];
}

/** A table joined to one that is there already. */
export interface Hop {
  readonly table: Table;
  readonly via: Table;
  /** Staged columns: `own` of the table, `other` of the one that it is joined to. */
  readonly on: readonly { readonly own: string; readonly other: string; readonly name: string }[];
}

/** The edges between the tables: joins of the mapping, and lists with the rows that hold them. */
export function edgesOf(tables: ReadonlyMap<string, Table>, faults: Fault[]): Edge[] {
  return [...tables.values()].flatMap((table): Edge[] => {
    const parent = table.parent?.table;
    const held: Edge[] = parent
      ? [{ tables: [table, parent], on: [{ columns: ['parent', 'id'], names: ['parent', 'id'] }] }]
      : [];
    const joined = joinOf(table, tables, faults);
    return joined ? [...held, joined] : held;
  });
}

function joinOf(table: Table, tables: ReadonlyMap<string, Table>, faults: Fault[]): Edge | undefined {
  const entries = Object.entries(table.spec.join ?? {});
  const other = tables.get(fileOfReference(entries[0]?.[1] ?? ''));
  if (!other) return undefined;
  const on = entries.map(([own, reference]) => {
    const theirs = reference.slice(reference.indexOf('.') + 1);
    const path = `files.${table.name}.join.${own}`;
    return {
      columns: [key(table, own, path, faults), key(other, theirs, path, faults)] as const,
      names: [own, theirs] as const,
    };
  });
  return { tables: [table, other], on };
}

function key(table: Table, column: string, path: string, faults: Fault[]): string {
  const known = table.columns.some((columns) => columnIndex(columns, column) >= 0);
  if (!known) {
    const there = [...new Set(table.columns.flat())].join(', ');
    faults.push({ path, message: `the file ${table.name} has no column "${column}". There are: ${there}.` });
  }
  return want(table, column).sql;
}

/** The hops that lead from a table to each of the needed ones, nearest first, never through a barred one. */
export function hopsTo(
  root: Table,
  needed: ReadonlySet<Table>,
  edges: readonly Edge[],
  barred: ReadonlySet<Table> = new Set(),
): Hop[] {
  const hops: Hop[] = [];
  const reached = new Set([root, ...barred]);
  for (let queue = [root]; queue.length > 0; ) {
    const via = queue.shift() as Table;
    for (const hop of hopsFrom(via, edges)) {
      if (reached.has(hop.table)) continue;
      reached.add(hop.table);
      hops.push(hop);
      queue.push(hop.table);
    }
  }
  return pruned(hops, needed);
}

function hopsFrom(via: Table, edges: readonly Edge[]): Hop[] {
  return edges.flatMap((edge): Hop[] => {
    const [a, b] = edge.tables;
    if (via !== a && via !== b) return [];
    const [own, other] = via === a ? [1, 0] : [0, 1];
    const on = edge.on.map(({ columns, names }) => ({
      own: columns[own] ?? '',
      other: columns[other] ?? '',
      name: names[other] ?? '',
    }));
    return [{ table: via === a ? b : a, via, on }];
  });
}

/** Leaves out what is neither needed nor on the way to something needed. */
function pruned(hops: readonly Hop[], needed: ReadonlySet<Table>): Hop[] {
  const used = new Set(needed);
  for (const hop of [...hops].reverse()) if (used.has(hop.table)) used.add(hop.via);
  return hops.filter(({ table }) => used.has(table));
}

/** SQL that joins the tables of the hops, in their order. */
export function joinSql(hops: readonly Hop[]): string {
  return hops
    .map(({ table, via, on }) => {
      const keys = on.map(({ own, other }) => `${table.sql}.${own} = ${via.sql}.${other}`);
      return `LEFT JOIN ${table.sql} ON ${keys.join(' AND ')}`;
    })
    .join('\n');
}
