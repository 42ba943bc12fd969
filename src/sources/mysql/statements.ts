import { earliestLocal, sqlTime, type ZoneClock } from '../zone-clock.ts';
import type { SqlValue } from './session.ts';
import type { Column, TableShape } from './table-shape.ts';

/** Where a read that was interrupted goes on. */
export interface Cursor {
  /** The last key that was taken, as the driver gave it. */
  readonly key: SqlValue;
}

export interface Statement {
  readonly sql: string;
  readonly values: readonly SqlValue[];
}

/** Rows with a time before this have none: NULL, zero dates and what was typed in by mistake. */
const noTimeBefore = "'1970-01-02 00:00:00'";

/**
 * A SELECT of columns in the order of the key. Keys are compared by the rules of their own column, as the order is; a
 * key that is not unique is read once more, so that no row with an equal one is passed over.
 */
export function selectPage(
  { table, key, hasUniqueKey }: TableShape,
  columns: readonly Column[],
  changed: Statement | undefined,
  cursor: Cursor | undefined,
  rowsMax: number | undefined,
): Statement {
  const conditions: string[] = [];
  const values: SqlValue[] = [];
  if (changed) {
    conditions.push(changed.sql);
    values.push(...changed.values);
  }
  if (cursor) {
    conditions.push(`${quote(key.name)} ${hasUniqueKey ? '>' : '>='} ?`);
    values.push(cursor.key);
  }
  const where = conditions.length > 0 ? ` WHERE ${conditions.join(' AND ')}` : '';
  const limit = rowsMax === undefined ? '' : ` LIMIT ${rowsMax}`;
  const names = columns.map(({ name }) => quote(name)).join(', ');
  return { sql: `SELECT ${names} FROM ${quote(table)}${where} ORDER BY ${quote(key.name)}${limit}`, values };
}

/** The condition on rows that may have changed since an instant: rows without a time always may. */
export function changedSince(watermark: Column, sinceMs: number, zone: ZoneClock): Statement {
  const name = quote(watermark.name);
  const time = watermark.type === 'timestamp' ? sqlTime(sinceMs) : earliestLocal(sinceMs, zone);
  // A date is midnight when it is compared with a time.
  const value = watermark.type === 'date' ? time.slice(0, 10) : time;
  return { sql: `(${name} >= ? OR ${name} < ${noTimeBefore} OR ${name} IS NULL)`, values: [value] };
}

/** Only for names that information_schema has given. */
function quote(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``;
}
