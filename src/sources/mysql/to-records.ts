import type { ReferenceBatch, ReferenceRecord, ReferenceTable, RowFault } from '../source.ts';
import { instantOf, type ZoneClock } from '../zone-clock.ts';
import { entities, type FieldKind, type RawRow } from './entities.ts';
import { readKey, readValue } from './read-value.ts';
import type { Column, TableShape } from './table-shape.ts';

/** What is selected of a row: the key, the watermark if there is one, then the fields. */
export function selected({ key, watermark, columns }: TableShape): Column[] {
  return [key, ...(watermark ? [watermark] : []), ...columns.values()];
}

/**
 * Makes records of selected rows; those that cannot be taken become faults. `zone` is that of the watermark, `nowMs`
 * the server's clock in milliseconds since 1970: what is said to change later has changed by now.
 */
export function toRecords(
  table: ReferenceTable,
  { columns, watermark }: TableShape,
  zone: ZoneClock,
  nowMs: number,
): (rows: readonly unknown[][]) => ReferenceBatch {
  const { key: keyField, fields, normalise } = entities[table];
  const places = [...columns.keys()].map((field, index): Place => {
    return { field, kind: fields[field]?.kind ?? 'text', index: index + (watermark ? 2 : 1) };
  });
  return (rows) => {
    const records: ReferenceRecord[] = [];
    const faults: RowFault[] = [];
    for (const row of rows) {
      const key = readKey(row[0]);
      const raw = rawOf(row, places);
      const normalised = normalise(key === null ? raw : { ...raw, [keyField]: key });
      if ('faults' in normalised) faults.push({ table, key, faults: normalised.faults });
      else if (watermark) records.push({ ...normalised.record, changed_at: changedAt(row[1], zone, nowMs) });
      else records.push(normalised.record);
    }
    return { type: 'batch', records, faults };
  };
}

/** Where the value of a field stands in a row. */
interface Place {
  readonly field: string;
  readonly kind: FieldKind;
  readonly index: number;
}

function rawOf(row: readonly unknown[], places: readonly Place[]): RawRow {
  const raw: Record<string, string | number> = {};
  for (const { field, kind, index } of places) {
    const value = readValue(row[index], kind);
    if (value !== undefined) raw[field] = value;
  }
  return raw;
}

function changedAt(value: unknown, zone: ZoneClock, nowMs: number): string | null {
  const changed = typeof value === 'string' ? instantOf(value, zone) : undefined;
  if (changed === undefined) return null;
  // As texts they do not compare: behind the year 9999 comes +010000.
  return new Date(Math.min(Date.parse(changed), nowMs)).toISOString();
}
