import type { DuckDBConnection } from '@duckdb/node-api';
import type { KeyFilter } from '../key-filter.ts';

/** What JavaScript needs to know of each record, in the order of arrival. */
export interface Arrived {
  /** The halves of the order key; zero for a reject. */
  readonly high: readonly number[];
  readonly low: readonly number[];
  readonly acceptedAtMs: readonly number[];
  readonly segment: readonly number[];
  readonly reject: readonly boolean[];
}

/** Reads it from the table of what arrived. */
export async function readArrived(connection: DuckDBConnection): Promise<Arrived> {
  const reader = await connection.runAndReadAll(`
    SELECT CAST(COALESCE(order_key, 0) >> 32 AS INTEGER), CAST((COALESCE(order_key, 0) & 4294967295) - 2147483648 AS INTEGER),
      CAST(epoch_ms(accepted_at) AS DOUBLE), CAST(segment AS DOUBLE), type = 'reject'
    FROM arrived ORDER BY rowid`);
  const columns = reader.getColumnsJS() as [number[], number[], number[], number[], boolean[]];
  const [high = [], low = [], acceptedAtMs = [], segment = [], reject = []] = columns;
  return { high, low, acceptedAtMs, segment, reject };
}

/** Orders that may be stored already, and whether an order may have come twice in this load. */
export function findSuspects(
  { high, low, reject }: Arrived,
  filter: KeyFilter,
): { stored: bigint[]; repeated: boolean } {
  const stored: bigint[] = [];
  const seen = new Set<number>();
  let orders = 0;
  for (const [at, upper] of high.entries()) {
    if (reject[at]) continue;
    const lower = low[at] ?? 0;
    if (filter.mayHave(upper, lower)) stored.push((BigInt(upper) << 32n) | BigInt(lower + 2_147_483_648));
    // 53 of the 64 bits: a chance meeting only costs the longer way.
    seen.add(upper * 2_097_152 + (lower >>> 11));
    orders += 1;
  }
  return { stored, repeated: seen.size < orders };
}
