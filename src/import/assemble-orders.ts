import { limits } from '../contract/limits.ts';
import type { BoundMapping } from './bind-mapping.ts';
import { checkOrder } from './check-order.ts';
import { type JoinedRow, type OrderQuery, readJoinedRow } from './order-query.ts';
import { originOf, type RowPlace } from './row-place.ts';
import type { Reject } from './sink.ts';
import { labelOf, type Table } from './table.ts';
import { clip } from './text-field.ts';

/** What became of a group of rows: an order to post, a reject, or a row to quarantine as it is in its file. */
export type Outcome =
  | { readonly kind: 'order'; readonly order: Record<string, unknown>; readonly json: string; readonly origin: string }
  | { readonly kind: 'reject'; readonly reject: Reject }
  | {
      readonly kind: 'row';
      readonly table: Table;
      readonly id: number;
      readonly origin: string;
      readonly code: string;
      readonly reason: string;
    };

/** Makes orders of the joined rows that arrive in their order, group after group. */
export class OrderAssembler {
  readonly #bound: BoundMapping;
  #rows: JoinedRow[] = [];

  constructor(bound: BoundMapping) {
    this.#bound = bound;
  }

  /** The outcomes that are certain after this row; usually none or one. */
  push(values: readonly unknown[]): Outcome[] {
    const { query } = this.#bound;
    const row = readJoinedRow(values, query.binder.slots.length);
    if (row.group === null || row.order.id === null) return [...this.flush(), orphan(query, row)];
    const outcomes = this.#rows[0]?.group === row.group ? [] : this.flush();
    // One row too many is enough to know that the order has too many lines; a wrong key may bring millions.
    if (this.#rows.length <= limits.orderLinesMax) this.#rows.push(row);
    return outcomes;
  }

  /** The outcome of the last group. */
  flush(): Outcome[] {
    const rows = this.#rows;
    const [first] = rows;
    this.#rows = [];
    return first ? [this.#outcome(first, rows)] : [];
  }

  #outcome(first: JoinedRow, rows: readonly JoinedRow[]): Outcome {
    const { query, buildOrder, buildLine } = this.#bound;
    const lineTable = query.lines ?? query.orders;
    const torn = tornRow(query, rows);
    if (torn) return torn;
    const faults = new Map<string, string>();
    const noteAt = (origin: string) => (fault: string) => {
      if (!faults.has(fault)) faults.set(fault, origin);
    };
    const origin = originOf(query.orders, first.order);
    const order = buildOrder(first.cells, noteAt(origin));
    if (buildLine) addLines(order, rows, query, buildLine, (row) => noteAt(originOf(lineTable, row.line)));
    const [earliest = origin] = faults.values();
    if (faults.size === 0) for (const fault of checkOrder(order)) faults.set(fault, origin);
    const json = JSON.stringify(order);
    if (faults.size === 0) return { kind: 'order', order, json, origin };
    const reason = [...faults].map(([fault, at]) => `${at}: ${sentence(fault)}`).join(' ');
    return { kind: 'reject', reject: { origin: earliest, code: 'invalid_order', reason, bytes: Buffer.from(json) } };
  }
}

function addLines(
  order: Record<string, unknown>,
  rows: readonly JoinedRow[],
  query: OrderQuery,
  buildLine: NonNullable<BoundMapping['buildLine']>,
  noteFor: (row: JoinedRow) => (fault: string) => void,
): void {
  const lines: Record<string, unknown>[] = [];
  let discount = 0;
  for (const row of rows) {
    const note = noteFor(row);
    for (const fault of lookupFaults(query, row)) note(fault);
    const built = buildLine(row.cells, note);
    lines.push(...built.lines);
    discount += built.discountCents;
  }
  order['lines'] = lines;
  const own = order['discount_cents'] ?? 0;
  if (discount > 0 && typeof own === 'number') order['discount_cents'] = own + discount;
}

/** A row that could not even be read holds its whole order back: half an order would be a wrong one. */
function tornRow(query: OrderQuery, rows: readonly JoinedRow[]): Outcome | undefined {
  const { orders, lines = orders } = query;
  const held = rows.length > 1 ? '; the other lines of its order are held back with it' : '';
  for (const { order, line } of rows) {
    const [table, place] = line.fault !== null ? [lines, line] : [orders, order];
    if (place.fault !== null && place.id !== null) return rowOutcome(table, place, place.fault + held);
  }
  return undefined;
}

function lookupFaults({ hops, orders }: OrderQuery, { notFound }: JoinedRow): string[] {
  return hops.flatMap(({ table, on }, index) => {
    const key = notFound[index];
    if (key === null || key === undefined || table === orders || table.spec.optional) return [];
    return [`${on.map(({ name }) => name).join(', ')} "${clip(key)}" is not in ${labelOf(table)}`];
  });
}

/** A line whose order is not there. */
function orphan({ hops, orders, lines = orders }: OrderQuery, { line, notFound }: JoinedRow): Outcome {
  const missing = hops.flatMap(({ table, on }, index) => {
    const key = notFound[index];
    if (table.spec.optional && table !== orders) return [];
    return key ? [`${on.map(({ name }) => name).join(', ')} "${clip(key)}" is not in ${labelOf(table)}`] : [];
  });
  const reason = line.fault ?? missing[0] ?? `has no key that leads to an order in ${labelOf(orders)}`;
  return rowOutcome(lines, line, reason);
}

/** A row to quarantine as it is in its file. */
export function rowOutcome(table: Table, place: RowPlace, fault: string): Outcome & { kind: 'row' } {
  const origin = originOf(table, place);
  const code = fault.startsWith('is not valid JSON') ? 'malformed_json' : 'invalid_order';
  return { kind: 'row', table, id: place.id ?? 0, origin, code, reason: `${origin}: ${sentence(fault)}` };
}

function sentence(fault: string): string {
  return fault.endsWith('.') ? fault : `${fault}.`;
}
