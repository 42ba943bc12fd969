import { DuckDBDateValue, DuckDBTimestampValue, type DuckDBValue } from '@duckdb/node-api';
import type { Row } from '../warehouse.ts';

/** Names and values of a chunk as rows of plain JavaScript values. */
export function toRows(names: readonly string[], values: readonly (readonly DuckDBValue[])[]): Row[] {
  return values.map((row) => Object.fromEntries(names.map((name, index) => [name, plain(row[index] ?? null)])));
}

function plain(value: DuckDBValue): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof DuckDBDateValue) return value.toString();
  if (value instanceof DuckDBTimestampValue) return new Date(Number(value.micros / 1000n)).toISOString();
  return value;
}
