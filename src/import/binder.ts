import type { Fault } from '../contract/errors.ts';
import { resolve, type Table, type TableColumn } from './table.ts';

/** The cells of one joined row, in the order of the binder's slots; null where absent. */
export type Row = readonly (string | null)[];

/** Gives every column that a section of the mapping names its place in the rows that a query returns. */
export class Binder {
  readonly #tables: ReadonlyMap<string, Table>;
  readonly #from: Table;
  readonly #faults: Fault[];
  readonly #slots: { sql: string; table: Table | undefined }[] = [];

  constructor(tables: ReadonlyMap<string, Table>, from: Table, faults: Fault[], shared?: Binder) {
    this.#tables = tables;
    this.#from = from;
    this.#faults = faults;
    if (shared) this.#slots = shared.#slots;
  }

  /** SQL of every slot. */
  get slots(): readonly string[] {
    return this.#slots.map(({ sql }) => sql);
  }

  /** The slots with the tables that they are read from. */
  get columns(): readonly { readonly sql: string; readonly table: Table | undefined }[] {
    return this.#slots;
  }

  /** The tables that the slots are read from. */
  get tables(): Set<Table> {
    return new Set(this.#slots.flatMap(({ table }) => table ?? []));
  }

  /** The column that a reference at a path of the mapping means; the fault is noted if there is none. */
  column(reference: string, path: string, optional = false): TableColumn | undefined {
    return resolve(this.#tables, this.#from, reference, path, this.#faults, optional);
  }

  /** Index of the slot of a column, or −1 for one that is missing and may be. */
  slot(reference: string, path: string, optional = false): number {
    const column = this.column(reference, path, optional);
    return column ? this.add(`${column.table.sql}.${column.sql}`, column.table) : -1;
  }

  /** Index of the slot of the row as it is written. */
  raw(): number {
    return this.add(`${this.#from.sql}.raw`, this.#from);
  }

  /** Index of the slot of an expression. */
  add(sql: string, table: Table | undefined): number {
    const known = this.#slots.findIndex((slot) => slot.sql === sql);
    return known >= 0 ? known : this.#slots.push({ sql, table }) - 1;
  }

  fault(path: string, message: string): void {
    this.#faults.push({ path, message });
  }
}
