import { parseCombination } from '../../contract/combination.ts';
import { combinationLabel } from '../../contract/combination-label.ts';
import { customerKey } from './customer-key.ts';
import { keptBytes } from './large-records.ts';
import type { ShapedOrder, ShapedReject } from './record-shape.ts';
import type { PlacedRecord } from './split-records.ts';
import { sqlFile } from './sql-file.ts';
import type { StagedRow } from './staging.ts';

/** Rows for the three tables that COPY fills; each has the `position` of the record that it is of. */
export interface StagedRows {
  readonly arrived: StagedRow[];
  readonly arrived_line: StagedRow[];
  readonly arrived_combination: StagedRow[];
}

export const stagedTables = ['arrived', 'arrived_line', 'arrived_combination'] as const;

/** The statement that makes each of them. */
export const createStaged: Readonly<Record<(typeof stagedTables)[number], string>> = {
  arrived: sqlFile('arrived'),
  arrived_line: sqlFile('arrived-lines'),
  arrived_combination: sqlFile('arrived-combinations'),
};

const reasonMax = 4000;

/** Takes records apart into flat rows. */
export function stageRecords(records: readonly PlacedRecord[]): StagedRows {
  const rows: StagedRows = { arrived: [], arrived_line: [], arrived_combination: [] };
  const combinations = new Set<string>();
  for (const placed of records) {
    const { position, record, segment } = placed;
    const { type, accepted_at_ms: accepted_at } = record;
    const common = { position, segment: segment.sequence, type, accepted_at };
    if (record.type === 'order') {
      rows.arrived.push({ ...common, ...orderRow(record) });
      if (record.status === 'placed') stageLines(rows, combinations, position, record);
    } else if (record.type === 'reject') rows.arrived.push({ ...common, ...rejectRow(record, placed) });
    else rows.arrived.push({ ...common, quarantine_id: record.quarantine_id });
  }
  return rows;
}

function orderRow(order: ShapedOrder): StagedRow {
  const { lines, customer_id } = order;
  const sum = (cents: readonly number[]): number => cents.reduce((total, one) => total + one, 0);
  return {
    source: order.source,
    order_key: order.order_key,
    order_id: order.order_id,
    revision: order.revision,
    status: order.status,
    ordered_at: order.ordered_at_ms,
    utc_offset_minutes: order.utc_offset_minutes,
    store_id: order.store_id,
    customer_id,
    customer_key: customer_id === null ? null : customerKey(customer_id),
    channel: order.channel,
    deliver_state: order.deliver_state,
    deliver_city: order.deliver_city,
    deliver_zip: order.deliver_zip,
    promised_at: order.promised_at_ms,
    completed_at: order.completed_at_ms,
    net_cents: sum(lines.gross_cents) - sum(lines.discount_cents),
    replays: order.replays ?? null,
  };
}

function stageLines(rows: StagedRows, combinations: Set<string>, position: number, { lines }: ShapedOrder): void {
  for (const [index, kind] of lines.kind.entries()) {
    const combination = lines.combination[index] ?? null;
    rows.arrived_line.push({
      position,
      line: index + 1,
      kind,
      menu_item: lines.menu_item[index] ?? null,
      size: lines.size[index] ?? null,
      combination,
      quantity: lines.quantity[index] ?? null,
      gross_cents: lines.gross_cents[index] ?? null,
      discount_cents: lines.discount_cents[index] ?? null,
    });
    if (combination === null || combinations.has(combination)) continue;
    combinations.add(combination);
    rows.arrived_combination.push({ position, ...combinationRow(combination) });
  }
}

function combinationRow(key: string): StagedRow {
  const combination = parseCombination(key);
  const { crust, sauce, cheese, toppings } = combination;
  const label = combinationLabel(combination);
  return { combination: key, label, crust, sauce, cheese, toppings: JSON.stringify(toppings) };
}

function rejectRow(reject: ShapedReject, { segment, number }: PlacedRecord): StagedRow {
  return {
    quarantine_id: reject.quarantine_id,
    source: reject.source,
    code: reject.code,
    reason: reject.reason.length > reasonMax ? `${reject.reason.slice(0, reasonMax).toWellFormed()}…` : reject.reason,
    origin: reject.origin,
    ...keptBytes(reject.bytes, `${segment.path}#${number}`),
  };
}
