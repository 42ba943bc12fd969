import type { ColumnMetadata, Field } from '@aws-sdk/client-redshift-data';
import type { Row } from '../warehouse.ts';

/**
 * Rows of a result page by column name: integers and decimals as numbers, integers that no number holds exactly as
 * text, dates as YYYY-MM-DD, instants as ISO 8601 UTC. Timestamps without a zone are UTC.
 */
export function toRows(columns: readonly ColumnMetadata[], records: readonly (readonly Field[])[]): Row[] {
  const names = columns.map(({ label, name }) => label || name || '');
  const types = columns.map(({ typeName }) => typeName ?? '');
  return records.map((record) =>
    Object.fromEntries(names.map((name, index) => [name, plain(record[index], types[index] ?? '')])),
  );
}

function plain(field: Field | undefined, type: string): unknown {
  if (!field || field.isNull) return null;
  if (field.stringValue !== undefined) return fromText(field.stringValue, type);
  return field.longValue ?? field.doubleValue ?? field.booleanValue ?? field.blobValue ?? null;
}

function fromText(text: string, type: string): unknown {
  switch (type) {
    case 'int2':
    case 'int4':
    case 'int8':
    case 'numeric':
      return toNumber(text);
    case 'float4':
    case 'float8':
      return Number(text);
    case 'bool':
      return text === 'true' || text === 't';
    case 'timestamp':
    case 'timestamptz':
      return toInstant(text);
    default:
      return text;
  }
}

function toNumber(text: string): number | string {
  const value = Number(text);
  const isExact = !Number.isInteger(value) || Number.isSafeInteger(value);
  return isExact ? value : text;
}

/** `2026-02-08 18:31:07.25` or `2026-02-08 18:31:07+00` as `2026-02-08T18:31:07.250Z`. */
function toInstant(text: string): string {
  const [, day, time, offset] = /^(\S+)[ T]([\d:.]+)(Z|[+-]\d\d(?::?\d\d)?)?$/.exec(text) ?? [];
  if (day === undefined || time === undefined) return text;
  const zone =
    offset === undefined || offset === 'Z' ? 'Z' : `${offset.slice(0, 3)}:${offset.slice(3).replace(':', '') || '00'}`;
  return new Date(`${day}T${time}${zone}`).toISOString();
}
