import { type DuckDBConnection, LIST, listValue, VARCHAR } from '@duckdb/node-api';
import type { CompactionOptions, CompactionResult } from '../warehouse.ts';
import { sqlFile } from './sql-file.ts';
import { transaction } from './transaction.ts';

const sql = {
  months: sqlFile('months'),
  monthParts: sqlFile('month-parts'),
  takePart: sqlFile('take-part'),
  deletePart: sqlFile('delete-part'),
};

/** About so many lines move in one transaction: loads wait half a second for it, and no longer. */
const partLinesMax = 150_000;

interface Part {
  readonly other: boolean;
  readonly states: string[];
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
  }
  // Gives the room of what moved back. Where a report is being read it cannot be done; the next one does it.
  if (lines > 0) await exclusively(() => connection.run('CHECKPOINT')).catch(() => undefined);
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

/** States side by side in one part, as long as it is small. */
async function planParts(connection: DuckDBConnection, month: string): Promise<Part[]> {
  const parts: Part[] = [];
  const rows = (await connection.runAndReadAll(sql.monthParts, { month })).getRows();
  for (const [state, other, count] of rows) {
    const last = parts.at(-1);
    if (last && last.other === other && last.lines + Number(count) <= partLinesMax) {
      last.states.push(String(state));
      last.lines += Number(count);
    } else parts.push({ other: other === true, states: [String(state)], lines: Number(count) });
  }
  return parts;
}

async function movePart(connection: DuckDBConnection, month: string, { other, states }: Part): Promise<void> {
  const values = { month, other, states: listValue(states) };
  const types = { states: LIST(VARCHAR) };
  await connection.run(sql.takePart, values, types);
  await connection.run(sql.deletePart, values, types);
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
