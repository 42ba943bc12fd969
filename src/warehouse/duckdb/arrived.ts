import type { DuckDBConnection } from '@duckdb/node-api';
import type { DeliveredRecord } from '../../contract/delivered-order.ts';
import type { KeyFilter } from '../key-filter.ts';

/** What JavaScript needs to know of each record, in the order of arrival. */
export interface Arrived {
  readonly type: readonly DeliveredRecord['type'][];
  /** The halves of the order key; zero for what is no order. */
  readonly high: readonly number[];
  readonly low: readonly number[];
  readonly acceptedAtMs: readonly number[];
  readonly segment: readonly number[];
  /** Null for what came from nobody in particular. */
  readonly source: readonly (string | null)[];
  /** Made of a quarantined record, so that its time of acceptance says nothing of now. */
  readonly replayed: readonly boolean[];
}

/** Reads it from the table of what arrived. */
export async function readArrived(connection: DuckDBConnection): Promise<Arrived> {
  const reader = await connection.runAndReadAll(`
    SELECT type, CAST(COALESCE(order_key, 0) >> 32 AS INTEGER),
      CAST((COALESCE(order_key, 0) & 4294967295) - 2147483648 AS INTEGER), CAST(epoch_ms(accepted_at) AS DOUBLE),
      CAST(segment AS DOUBLE), source, replays IS NOT NULL
    FROM arrived ORDER BY rowid`);
  const columns = reader.getColumnsJS() as unknown as [
    DeliveredRecord['type'][],
    number[],
    number[],
    number[],
    number[],
    (string | null)[],
    boolean[],
  ];
  const [type = [], high = [], low = [], acceptedAtMs = [], segment = [], source = [], replayed = []] = columns;
  return { type, high, low, acceptedAtMs, segment, source, replayed };
}

/** Keys of orders that may be stored already or come twice in this load. What is not among them is new. */
export function findSuspects({ high, low, type }: Arrived, filter: KeyFilter): bigint[] {
  const suspects: bigint[] = [];
  const seen = new Set<number>();
  for (const [at, upper] of high.entries()) {
    if (type[at] !== 'order') continue;
    const lower = low[at] ?? 0;
    // 53 of the 64 bits: a chance meeting only costs the longer way.
    const key = upper * 2_097_152 + (lower >>> 11);
    if (seen.has(key) || filter.mayHave(upper, lower))
      suspects.push((BigInt(upper) << 32n) | BigInt(lower + 2_147_483_648));
    seen.add(key);
  }
  return suspects;
}
