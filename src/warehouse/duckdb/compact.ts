import type { DuckDBConnection } from '@duckdb/node-api';
import type { CompactionOptions, CompactionResult } from '../warehouse.ts';
import { sqlFile } from './sql-file.ts';
import { transaction } from './transaction.ts';

const sql = {
  months: sqlFile('months'),
  monthParts: sqlFile('month-parts'),
  takePart: sqlFile('take-part'),
  deletePart: sqlFile('delete-part'),
};

/**
 * Lines that move in one transaction, for which loads wait about a second: a little less than two full row groups
 * of DuckDB. Row groups that are half full are merged by the next checkpoint, which means written once more while
 * everything waits: with 150,000 lines at a time that took as long as all the moving.
 */
const partLinesMax = 240_000;

/** Lines of a month from one state and date up to where the next part begins. */
interface Part {
  readonly other: boolean;
  readonly fromState: string;
  readonly fromDate: string;
  /** Null for the last part. */
  toState: string | null;
  toDate: string | null;
  lines: number;
}

/** What compaction needs of the warehouse. */
export interface CompactionTools {
  readonly connection: DuckDBConnection;
  /** Runs a task while nothing else writes. */
  exclusively<T>(task: () => Promise<T>): Promise<T>;
}

/**
 * Brings the lines of the months that have enough loose ones into order: by month, pizzas first, then by state and
 * date, so that a report of one state reads little else. Lines move in small transactions that change nothing about
 * what the table says, so reports and loads go on, and it can be stopped at any point.
 */
export async function compact(
  { connection, exclusively }: CompactionTools,
  { looseShareMin, onProgress, signal }: CompactionOptions,
): Promise<CompactionResult> {
  const months = (await exclusively(() => readMonths(connection))).filter(
    ({ lines, loose }) => loose > 0 && loose >= lines * looseShareMin,
  );
  const total = months.reduce((sum, { lines }) => sum + lines, 0);
  let lines = 0;
  for (const { month } of months) {
    const startedAt = await exclusively(async () => new Date().toISOString());
    for (const part of await exclusively(() => planParts(connection, month))) {
      if (signal?.aborted) return { months: months.length, lines };
      await exclusively(() => transaction(connection, () => movePart(connection, month, part)));
      lines += part.lines;
      onProgress?.(Math.min(lines, total), total);
    }
    await exclusively(() => transaction(connection, () => remember(connection, month, startedAt)));
    // Gives the room of what moved back, a month at a time, because everything waits meanwhile. Where a report is
    // being read it cannot be done; the next one does it.
    await exclusively(() => connection.run('CHECKPOINT')).catch(() => undefined);
  }
  return { months: months.length, lines };
}

async function readMonths(connection: DuckDBConnection): Promise<{ month: string; lines: number; loose: number }[]> {
  const reader = await connection.runAndReadAll(sql.months);
  return reader.getRows().map(([month, lines, loose]) => ({
    month: String(month),
    lines: Number(lines),
    loose: Number(loose),
  }));
}

/** States and dates side by side in one part, as long as it is small. */
async function planParts(connection: DuckDBConnection, month: string): Promise<Part[]> {
  const parts: Part[] = [];
  const rows = (await connection.runAndReadAll(sql.monthParts, { month })).getRows();
  for (const row of rows) {
    const [other, state, date, lines] = [row[0] === true, String(row[1]), String(row[2]), Number(row[3])];
    const last = parts.at(-1);
    if (last && last.other === other && last.lines + lines <= partLinesMax) {
      last.lines += lines;
      continue;
    }
    if (last && last.other === other) [last.toState, last.toDate] = [state, date];
    // What arrives later may come before everything that is there now.
    const isFirst = last?.other !== other;
    const from = isFirst ? { fromState: '', fromDate: month } : { fromState: state, fromDate: date };
    parts.push({ other, ...from, toState: null, toDate: null, lines });
  }
  return parts;
}

async function movePart(connection: DuckDBConnection, month: string, part: Part): Promise<void> {
  const values = {
    month,
    other: part.other,
    from_state: part.fromState,
    from_date: part.fromDate,
    to_state: part.toState,
    to_date: part.toDate,
  };
  await connection.run(sql.takePart, values);
  await connection.run(sql.deletePart, values);
  await connection.run('INSERT INTO order_line SELECT * FROM part');
  await connection.run('DROP TABLE part');
}

async function remember(connection: DuckDBConnection, month: string, startedAt: string): Promise<void> {
  await connection.run('DELETE FROM compaction WHERE month = CAST($month AS DATE)', { month });
  await connection.run('INSERT INTO compaction VALUES (CAST($month AS DATE), CAST($started_at AS TIMESTAMP))', {
    month,
    started_at: startedAt,
  });
}
