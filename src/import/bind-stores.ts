import type { Fault } from '../contract/errors.ts';
import { Binder, type Row } from './binder.ts';
import { checkStore } from './check-store.ts';
import { bindInteger, bindNumber, bindPlace, bindPlain } from './convert.ts';
import { type Edge, type Hop, hopsTo, joinSql } from './join-plan.ts';
import type { StoreSection } from './mapping-schema.ts';
import type { ReadMapping } from './read-mapping.ts';
import type { Table } from './table.ts';
import type { ReadField } from './text-field.ts';

/** The stores of a mapping, bound to the file that they are read from. */
export interface BoundStores {
  readonly table: Table;
  readonly hops: readonly Hop[];
  /** Every different store row: the slots, then the place of the first. */
  readonly sql: () => string;
  readonly slots: () => number;
  /** Builds a store; the sentences say what is wrong with it. */
  readonly build: (row: Row) => { store: Record<string, unknown>; faults: string[] };
}

/** Binds the `stores` section; undefined where the mapping has none or lists the stores itself. */
export function bindStores(
  { stores }: ReadMapping,
  tables: ReadonlyMap<string, Table>,
  orders: Table,
  edges: readonly Edge[],
  faults: Fault[],
): BoundStores | undefined {
  if (stores === undefined || Array.isArray(stores)) return undefined;
  const table = (stores.from === undefined ? undefined : tables.get(stores.from)) ?? orders;
  const binder = new Binder(tables, table, faults);
  const members = bindMembers(stores, binder);
  const place = bindPlace(stores, 'stores', binder);
  const hops = hopsTo(table, binder.tables, edges);
  return {
    table,
    hops,
    slots: () => binder.slots.length,
    sql: () => `SELECT ${binder.slots.join(', ')}, ${['id', 'file', 'row', 'item', 'fault'].map((column) => `min_by(${table.sql}.${column}, ${table.sql}.id)`).join(', ')}
FROM ${table.sql} ${joinSql(hops)} WHERE ${table.sql}.fault IS NULL
GROUP BY ${binder.slots.map((_, index) => index + 1).join(', ')} ORDER BY min(${table.sql}.id)`,
    build(row) {
      const notes: string[] = [];
      const store: Record<string, unknown> = {};
      for (const { name, read } of members) {
        const value = read(row, (note) => notes.push(note));
        if (value !== undefined) store[name] = value;
      }
      Object.assign(
        store,
        place(row, (note) => notes.push(note)),
      );
      return { store, faults: notes.length > 0 ? notes : checkStore(store) };
    },
  };
}

function bindMembers(section: StoreSection, binder: Binder): { name: string; read: ReadField<unknown> }[] {
  const members = [
    ['store_id', bindPlain],
    ['name', bindPlain],
    ['time_zone', bindPlain],
    ['latitude', bindNumber],
    ['longitude', bindNumber],
    ['closeout_hour', bindInteger],
  ] as const;
  return members.flatMap(([name, bind]) => {
    const field = section[name];
    return field === undefined ? [] : [{ name, read: bind(field, `stores.${name}`, binder) }];
  });
}
