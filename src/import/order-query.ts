import type { Binder, Row } from './binder.ts';
import type { Hop } from './join-plan.ts';
import { joinSql } from './join-plan.ts';
import { placeColumns, type RowPlace, readPlaceOf } from './row-place.ts';
import type { Table } from './table.ts';

/** Everything that the queries for orders are made from. */
export interface OrderQuery {
  readonly orders: Table;
  /** Undefined where the rows of `orders` carry their lines in themselves. */
  readonly lines: Table | undefined;
  readonly binder: Binder;
  /** From the lines (or, without, the orders) to every other table. */
  readonly hops: readonly Hop[];
  /** Those of the hops that lead from the lines to the orders. */
  readonly path: readonly Hop[];
  /** Staged columns that tell the orders apart where orders and lines are rows of one file. */
  readonly groupBy: readonly string[];
  /** A joined subquery of toppings, or ''. */
  readonly toppings: string;
}

/**
 * All rows that have a line, those of one order together, in the order in which the orders first appear; lines
 * whose order is missing come last. After the slots (which may be encoded) come the group; the places of order and
 * line; and for every hop the key that was not found (null if it was, or if there is none). `readJoinedRow` reads them.
 */
export function ordersSql(query: OrderQuery, slots: readonly string[]): string {
  const { orders, lines = orders, hops, toppings } = query;
  const o = orders.sql;
  const l = lines.sql;
  const meta = [o, l].flatMap((table) => placeColumns(table));
  const selected = [
    ...slots,
    `${groupSql(query)} AS order_group`,
    ...meta,
    ...hops.map((hop) => notFound(hop, orders)),
  ];
  return `SELECT ${selected.join(', ')}
FROM ${l}
${joinSql(hops)}
${toppings}
ORDER BY order_group NULLS LAST, ${o}.id, ${l}.id`;
}

function groupSql({ orders, lines, groupBy }: OrderQuery): string {
  if (lines !== orders) return `${orders.sql}.id`;
  const keys = groupBy.map((column) => `${orders.sql}.${column}`);
  if (keys.length === 0) return `${orders.sql}.id`;
  const alone = `CASE WHEN coalesce(${keys.join(', ')}) IS NULL THEN ${orders.sql}.id END`;
  return `min(${orders.sql}.id) OVER (PARTITION BY ${keys.join(', ')}, ${alone})`;
}

/** A row that could not be read is as good as none, except that orders say so themselves. */
function notFound({ table, via, on }: Hop, orders: Table): string {
  const gone =
    table === orders ? `${table.sql}.id IS NULL` : `(${table.sql}.id IS NULL OR ${table.sql}.fault IS NOT NULL)`;
  const keys = on.map(({ other }) => `${via.sql}.${other}`);
  const present = keys.map((key) => `${key} IS NOT NULL`).join(' AND ');
  return `CASE WHEN ${gone} AND ${present} THEN concat_ws(', ', ${keys.join(', ')}) END`;
}

/** A row of `ordersSql`. */
export interface JoinedRow {
  readonly cells: Row;
  readonly group: number | null;
  readonly order: RowPlace;
  readonly line: RowPlace;
  /** For every hop the key that was not found, or null. */
  readonly notFound: readonly (string | null)[];
}

/** Reads a row of `ordersSql` whose first `slots` values are those of the binder. */
export function readJoinedRow(values: readonly unknown[], slots: number): JoinedRow {
  return {
    cells: values as Row,
    group: values[slots] as number | null,
    order: readPlaceOf(values, slots + 1),
    line: readPlaceOf(values, slots + 6),
    notFound: values.slice(slots + 11) as (string | null)[],
  };
}

/** Rows of the orders' file that no line leads to: their places. */
export function ordersWithoutLinesSql({ orders, lines, path }: OrderQuery): string | undefined {
  if (!lines || lines === orders) return undefined;
  return `SELECT ${placeColumns('o').join(', ')} FROM ${orders.sql} AS o
ANTI JOIN (SELECT ${orders.sql}.id FROM ${lines.sql} ${joinSql(path)}) AS with_lines ON with_lines.id = o.id
ORDER BY o.id`;
}

/** How many orders there are, before any of them is checked. */
export function countSql({ orders, lines, groupBy }: OrderQuery): string {
  if (lines !== orders || groupBy.length === 0) return `SELECT count(*) FROM ${orders.sql}`;
  const keys = groupBy.map((column) => `coalesce(${column}, '')`).join(', ');
  return `SELECT count(DISTINCT row(${keys})) FROM ${orders.sql}`;
}
