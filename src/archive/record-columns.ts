import type { DeliveredLines, DeliveredRecord } from '../contract/delivered-order.ts';

type FieldOf<Kind> = Kind extends unknown ? keyof Kind : never;

/** Every field of every record; the compiler refuses a list that forgets one. */
const fields = {
  type: 'VARCHAR',
  order_key: 'BIGINT',
  source: 'VARCHAR',
  order_id: 'VARCHAR',
  revision: 'INTEGER',
  status: 'VARCHAR',
  ordered_at_ms: 'BIGINT',
  utc_offset_minutes: 'SMALLINT',
  store_id: 'VARCHAR',
  customer_id: 'VARCHAR',
  channel: 'VARCHAR',
  deliver_state: 'VARCHAR',
  deliver_city: 'VARCHAR',
  deliver_zip: 'VARCHAR',
  promised_at_ms: 'BIGINT',
  completed_at_ms: 'BIGINT',
  replays: 'VARCHAR',
  quarantine_id: 'VARCHAR',
  code: 'VARCHAR',
  reason: 'VARCHAR',
  origin: 'VARCHAR',
  bytes: 'VARCHAR',
  accepted_at_ms: 'BIGINT',
} satisfies Record<Exclude<FieldOf<DeliveredRecord>, 'lines'>, string>;

const lines = {
  kind: 'VARCHAR[]',
  menu_item: 'VARCHAR[]',
  size: 'VARCHAR[]',
  combination: 'VARCHAR[]',
  quantity: 'INTEGER[]',
  gross_cents: 'BIGINT[]',
  discount_cents: 'BIGINT[]',
} satisfies Record<keyof DeliveredLines, string>;

const struct = (types: Readonly<Record<string, string>>): string =>
  Object.entries(types)
    .map(([name, type]) => `"${name}" ${type}`)
    .join(', ');

/** The type of a record as it lies in a segment file. */
export const recordType = `STRUCT(${struct(fields)}, lines STRUCT(${struct(lines)}))`;

/** A record of that type, named `r`, as columns of the archive: its fields, those of its lines beside them. */
export const recordColumns = [
  ...Object.keys(fields).map((name) => `r.${name} AS ${name}`),
  ...Object.keys(lines).map((name) => `r.lines.${name} AS ${name}`),
].join(', ');
