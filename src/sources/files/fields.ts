import type { Fault } from '../../contract/errors.ts';
import { parseInstant } from '../../contract/instant.ts';
import { normaliseMenuItem } from '../normalise-menu-item.ts';
import { type Normalised, normaliseCustomer, normaliseStore } from '../normalise-reference.ts';
import { keyOf, type ReferenceTable } from '../source.ts';

/** What a column is read for: `needed` ones must be there. */
interface Field {
  readonly kind: 'text' | 'number' | 'zip' | 'word';
  readonly isNeeded: boolean;
}

/** A row as it is written, by field; what is not there or empty is absent. */
export type WrittenRow = Readonly<Record<string, string>>;

type Value = string | number;

const needed: Field = { kind: 'text', isNeeded: true };
const text: Field = { kind: 'text', isNeeded: false };
const number: Field = { kind: 'number', isNeeded: false };
const zip: Field = { kind: 'zip', isNeeded: false };
const word: Field = { kind: 'word', isNeeded: false };

/**
 * The columns of each table, the key first. A customer's state is needed as a column: without it, a header misspelt
 * would move everybody to nowhere.
 */
export const fieldsOf: Readonly<Record<ReferenceTable, Readonly<Record<string, Field>>>> = {
  stores: {
    store_id: needed,
    name: text,
    state: needed,
    city: text,
    zip,
    time_zone: text,
    latitude: number,
    longitude: number,
    closeout_hour: number,
    changed_at: text,
  },
  customers: { customer_id: needed, home_state: needed, home_city: text, home_zip: zip, changed_at: text },
  menu_items: {
    menu_item_id: needed,
    menu_item: needed,
    kind: word,
    size: text,
    unit_cost_cents: number,
    changed_at: text,
  },
};

const normalise: Readonly<Record<ReferenceTable, (row: Readonly<Record<string, Value>>) => Normalised>> = {
  stores: normaliseStore,
  customers: ({ home_state, home_city, home_zip, ...customer }) =>
    normaliseCustomer({
      ...customer,
      home: {
        ...(home_state !== undefined && { state: home_state }),
        ...(home_city !== undefined && { city: home_city }),
        ...(home_zip !== undefined && { zip: home_zip }),
      },
    }),
  menu_items: normaliseMenuItem,
};

/**
 * Checks a row and makes a record of it. `now` is ISO 8601 in UTC: what is said to change later has changed by now.
 * The key stays exactly as it is, as orders compare it.
 */
export function toRecord(table: ReferenceTable, row: WrittenRow, now: string): Normalised {
  const values: Record<string, Value> = {};
  for (const field in row) {
    const written = row[field] ?? '';
    const value = field === keyOf[table] ? written : read(written.trim(), fieldsOf[table][field]?.kind);
    if (value !== undefined && field !== 'changed_at') values[field] = value;
  }
  const normalised = normalise[table](values);
  const changedAt = readInstant(row['changed_at']?.trim(), now);
  const faults = [
    ...('faults' in normalised ? normalised.faults.map(ofColumn) : []),
    ...(changedAt ? [] : [noInstant]),
  ];
  if ('faults' in normalised || !changedAt) return { faults };
  return { record: { ...normalised.record, changed_at: changedAt.at } };
}

/** What cannot be converted stays as it is written, so that the check names it. */
function read(written: string, kind: Field['kind'] | undefined): Value | undefined {
  if (written === '') return undefined;
  switch (kind) {
    case 'number':
      return /^-?\d{1,15}(?:\.\d+)?$/.test(written) ? Number(written) : written;
    case 'zip':
      // A ZIP code that has been a number has lost its leading zeros.
      return /^\d{3,4}$/.test(written) ? written.padStart(5, '0') : written;
    case 'word':
      return written.toLowerCase();
    default:
      return written;
  }
}

const noInstant = { path: '/changed_at', message: 'must be an instant such as 2026-07-01T00:00:00-05:00' };

/** Undefined when it is no instant. */
function readInstant(written: string | undefined, now: string): { readonly at: string | null } | undefined {
  if (written === undefined || written === '') return { at: null };
  const instant = parseInstant(written);
  if (!instant) return undefined;
  const at = new Date(instant.epochMs).toISOString();
  return { at: at > now ? now : at };
}

/** Names the column instead of the member: `/home/state` is `/home_state`. */
function ofColumn({ path, message }: Fault): Fault {
  return { path: path.replace(/^\/home\//, '/home_'), message };
}
