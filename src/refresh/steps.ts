import type { CheckResult } from '../contract/refresh.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';
import { runDataChecks } from './data-checks.ts';
import type { RefreshStep } from './refresh.ts';

/** A night takes months of which two in a hundred lines came since: in the current month that is every night. */
const looseShareMin = 0.02;

/** Brings lines into the order that reports read fastest. */
export function compactionStep(warehouse: Warehouse): RefreshStep {
  return {
    name: 'compaction',
    async run({ signal, progress }) {
      const { months, lines } = await warehouse.compact({ looseShareMin, signal, onProgress: progress });
      return { rows: lines, ...(months === 0 && { skipped: true, detail: 'Every month is in order.' }) };
    },
  };
}

/** Holds the data against what is normal, and keeps the outcome. A failed check fails the step. */
export function checksStep(warehouse: Warehouse, onChecked: (results: readonly CheckResult[]) => void): RefreshStep {
  return {
    name: 'checks',
    async run({ runId, businessDate }) {
      const results = await runDataChecks(warehouse, businessDate);
      await warehouse.write(results.map((result) => insertCheck(runId, result)));
      onChecked(results);
      const failed = results.filter(({ status }) => status === 'failed');
      if (failed.length > 0) throw new Error(failed.map(({ message }) => message).join(' '));
      const warned = results.filter(({ status }) => status === 'warned');
      return {
        rows: results.length,
        ...(warned.length > 0 && { detail: warned.map(({ message }) => message).join(' ') }),
      };
    },
  };
}

function insertCheck(
  runId: string,
  { name, status, observed, expected, message }: CheckResult,
): { sql: string; parameters: Record<string, string | number | null> } {
  return {
    sql: `INSERT INTO data_check VALUES ($run_id, $name, $status, CAST($observed AS DOUBLE PRECISION), $expected, $message)`,
    parameters: { run_id: runId, name, status, observed, expected, message },
  };
}

/** Lets the warehouse look at its tables again, so that it plans reports by what they hold now. */
export function statisticsStep(warehouse: Warehouse): RefreshStep {
  return {
    name: 'statistics',
    async run() {
      await warehouse.write([{ sql: 'ANALYZE', parameters: {} }]);
      return { rows: null };
    },
  };
}
