import type { CompactionOptions, CompactionResult } from '../warehouse.ts';
import type { DataApi } from './data-api.ts';
import { sqlFile } from './sql-file.ts';
import { statement } from './statements.ts';

const sql = { months: sqlFile('months'), remember: sqlFile('remember-compaction') };
/** Those that lose rows or are read in an order, the largest gain first. */
const tables = ['order_line', 'order_head', 'past_record', 'quarantine', 'customer'] as const;

/**
 * Sorts what was loaded since the last time into the order of the sort keys, gives back the room of deleted rows, and
 * renews the planner's statistics. Redshift does all this by itself when it is idle; this makes sure of it once a
 * night. VACUUM takes whole tables and runs outside transactions, so months only decide whether it is due.
 */
export async function compact(
  dataApi: DataApi,
  { looseShareMin, onProgress, signal }: CompactionOptions,
): Promise<CompactionResult> {
  const all = (await dataApi.query(sql.months)).map(({ month, lines, loose }) => ({
    month: String(month),
    lines: Number(lines),
    loose: Number(loose),
  }));
  const due = all.filter(({ lines, loose }) => loose > 0 && loose >= lines * looseShareMin);
  if (due.length === 0 || signal?.aborted) return { months: due.length, lines: 0 };
  const total = due.reduce((sum, { lines }) => sum + lines, 0);
  const startedAt = new Date().toISOString();
  for (const table of tables) {
    if (signal?.aborted) return { months: due.length, lines: 0 };
    await dataApi.query(`VACUUM FULL ${table}`, {}, signal);
    await dataApi.query(`ANALYZE ${table}`, {}, signal);
  }
  await dataApi.batch([statement('DELETE FROM compaction'), statement(sql.remember, { started_at: startedAt })]);
  onProgress?.(total, total);
  return { months: due.length, lines: total };
}
