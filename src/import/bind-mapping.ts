import type { Fault } from '../contract/errors.ts';
import { type BuildLine, bindLine } from './bind-line.ts';
import { type BuildOrder, bindOrder } from './bind-order.ts';
import { type BoundStores, bindStores } from './bind-stores.ts';
import { Binder } from './binder.ts';
import { type Edge, edgesOf, hopsTo, joinSql } from './join-plan.ts';
import type { OrderQuery } from './order-query.ts';
import type { ReadMapping } from './read-mapping.ts';
import { labelOf, type Table } from './table.ts';
import { referencesOf } from './text-field.ts';
import { toppingsTable } from './toppings.ts';

/** A mapping bound to the columns of the files that are there. */
export interface BoundMapping {
  readonly query: OrderQuery;
  readonly buildOrder: BuildOrder;
  /** Undefined where orders carry their lines in themselves. */
  readonly buildLine: BuildLine | undefined;
  readonly stores: BoundStores | undefined;
  /** SQL for rows of toppings that lead to no line: their places, with what is wrong as the fault. */
  readonly strayToppings: { readonly table: Table; readonly sql: string } | undefined;
}

/** Finds every column that the mapping names; what is not there is added to `faults`. */
export function bindMapping(mapping: ReadMapping, tables: ReadonlyMap<string, Table>, faults: Fault[]): BoundMapping {
  const edges = edgesOf(tables, faults);
  const orders = tables.get(mapping.order.from) as Table;
  const lines = mapping.line && (tables.get(mapping.line.from) as Table);
  const binder = new Binder(tables, orders, faults);
  const buildOrder = bindOrder(mapping.order, binder, mapping.zone);
  const groupBy = lines === orders ? groupColumns(mapping, binder, orders) : [];
  const root = lines ?? orders;
  const inner = toppingsTable(mapping.line?.toppings, tables);
  const lineBinder = new Binder(tables, root, faults, binder);
  const toppings = inner ? bindToppingTable(inner, root, edges, tables, lineBinder, faults) : undefined;
  const buildLine = mapping.line && bindLine(mapping.line, lineBinder, toppings);
  const barred = new Set(inner ? [inner] : []);
  const needed = new Set([...binder.tables, orders, ...(toppings ? [toppings.meets] : [])]);
  const hops = hopsTo(root, needed, edges, barred);
  noteUnreached(needed, [root, ...hops.map(({ table }) => table)], root, faults);
  const path = hopsTo(root, new Set([orders]), edges, barred);
  const query = { orders, lines, binder, hops, path, groupBy, toppings: toppings?.sql() ?? '' };
  const strayToppings = toppings && { table: toppings.inner, sql: toppings.orphans() };
  const stores = bindStores(mapping, tables, orders, edges, faults);
  return { query, buildOrder, buildLine, stores, strayToppings };
}

/** The staged columns that make up the identity of an order. */
function groupColumns({ order }: ReadMapping, binder: Binder, orders: Table): string[] {
  const columns = (['order_id', 'revision'] as const).flatMap((member) => {
    const field = order[member];
    return field === undefined ? [] : referencesOf(field).map((name) => binder.column(name, `order.${member}`));
  });
  return [...new Set(columns.flatMap((column) => (column?.table === orders ? [column.sql] : [])))];
}

/** Prepares the rows of the toppings' file as one JSON list a key, in a slot of their own. */
function bindToppingTable(
  inner: Table,
  root: Table,
  edges: readonly Edge[],
  tables: ReadonlyMap<string, Table>,
  lineBinder: Binder,
  faults: Fault[],
) {
  const all = new Set(tables.values());
  const outer = new Set([root, ...hopsTo(root, all, edges, new Set([inner])).map(({ table }) => table)]);
  const hop = hopsTo(inner, outer, edges, new Set([...all].filter((table) => !outer.has(table)))).find(
    ({ table, via }) => via === inner && outer.has(table),
  );
  const binder = new Binder(tables, inner, faults);
  if (!hop) {
    faults.push({ path: `files.${inner.name}.join`, message: `must lead to ${root.name}, whose toppings these are.` });
  }
  const keys = hop?.on ?? [];
  const sql = () => {
    const innerKeys = keys.map(({ other }, index) => `${inner.sql}.${other} AS k${index}`);
    const joins = joinSql(hopsTo(inner, binder.tables, edges, outer));
    const on = keys.map(({ own }, index) => `topping_rows.k${index} = ${hop?.table.sql}.${own}`);
    return `LEFT JOIN (SELECT ${innerKeys.join(', ')},
  CAST(to_json(list([${[...binder.slots, `${inner.sql}.fault`].join(', ')}] ORDER BY ${inner.sql}.id)) AS VARCHAR) AS list
FROM ${inner.sql} ${joins} GROUP BY ${keys.map((_, index) => `k${index}`).join(', ')}) AS topping_rows
ON ${on.join(' AND ')}`;
  };
  const orphans = () =>
    `SELECT id, file, row, item, coalesce(fault, 'leads to no row of ${hop?.table.name}') FROM ${inner.sql}
ANTI JOIN ${hop?.table.sql} AS lines ON ${keys.map(({ own, other }) => `lines.${own} = ${inner.sql}.${other}`).join(' AND ')}
ORDER BY id`;
  return {
    slot: lineBinder.add('topping_rows.list', undefined),
    binder,
    meets: hop?.table ?? root,
    sql,
    orphans,
    inner,
  };
}

function noteUnreached(needed: ReadonlySet<Table>, reached: readonly Table[], root: Table, faults: Fault[]): void {
  for (const table of needed) {
    if (reached.includes(table)) continue;
    const message = `${labelOf(table)} is used but not joined: say which of its columns equals which column of ${root.name}.`;
    faults.push({ path: `files.${table.name}.join`, message });
  }
}
