import { normaliseMenuItem } from '../normalise-menu-item.ts';
import { type Normalised, normaliseCustomer, normaliseStore } from '../normalise-reference.ts';
import type { ReferenceTable } from '../source.ts';

/** How the value of a column becomes the value of a field. `dollars` is rounded to whole cents, half up. */
export type FieldKind = 'text' | 'number' | 'zip' | 'dollars';

export interface Field {
  readonly kind: FieldKind;
  /** Without its column, the table is not read at all. */
  readonly isExpected: boolean;
}

/** A row before it is checked, by field; what is null or empty is absent. */
export type RawRow = Readonly<Record<string, string | number>>;

/** What is read for a table: the key first. Every field is read from a column of its own name by default. */
export interface Entity {
  readonly key: string;
  readonly fields: Readonly<Record<string, Field>>;
  readonly normalise: (row: RawRow) => Normalised;
}

const expected: Field = { kind: 'text', isExpected: true };
const text: Field = { kind: 'text', isExpected: false };
const number: Field = { kind: 'number', isExpected: false };
const zip: Field = { kind: 'zip', isExpected: false };
const dollars: Field = { kind: 'dollars', isExpected: false };

/** A customer's state is expected: without it, a column renamed in the shop would move everybody to nowhere. */
export const entities: Readonly<Record<ReferenceTable, Entity>> = {
  stores: {
    key: 'store_id',
    fields: {
      store_id: expected,
      name: text,
      state: expected,
      city: text,
      zip,
      time_zone: text,
      latitude: number,
      longitude: number,
      closeout_hour: number,
    },
    normalise: normaliseStore,
  },
  customers: {
    key: 'customer_id',
    fields: { customer_id: expected, state: expected, city: text, zip },
    normalise: ({ customer_id, ...home }) => normaliseCustomer({ customer_id, home }),
  },
  menu_items: {
    key: 'menu_item_id',
    fields: {
      menu_item_id: expected,
      menu_item: expected,
      kind: text,
      size: text,
      unit_cost_cents: number,
      unit_cost: dollars,
    },
    normalise: ({ unit_cost, kind, ...item }) =>
      normaliseMenuItem({
        ...(unit_cost !== undefined && { unit_cost_cents: unit_cost }),
        ...item,
        ...(kind !== undefined && { kind: String(kind).toLowerCase() }),
      }),
  },
};
