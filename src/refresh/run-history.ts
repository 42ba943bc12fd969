import type { CheckResult, DataCheckState, RefreshRun, Step } from '../contract/refresh.ts';
import type { ReferenceName } from '../contract/report.ts';
import type { Row, Warehouse } from '../warehouse/warehouse.ts';
import { dataChecks } from './data-checks.ts';

/** The name under which the ledger has a part of a step, as in `sources.stores`. */
export function partName(step: string, part: string): string {
  return `${step}.${part}`;
}

/** The newest runs, each with its steps, their parts, and data checks. */
export async function newestRuns(warehouse: Warehouse, limit: number): Promise<RefreshRun[]> {
  const runs = await warehouse.query(
    `SELECT run_id, business_date, scheduled_at, trigger, status, started_at, finished_at, missed_dates
    FROM refresh_run ORDER BY started_at DESC, run_id LIMIT CAST($limit AS INTEGER)`,
    { limit },
  );
  const oldest = runs.at(-1)?.['started_at'];
  if (oldest === undefined) return [];
  const since = { since: String(oldest) };
  const theirs = 'run_id IN (SELECT run_id FROM refresh_run WHERE started_at >= CAST($since AS TIMESTAMP))';
  const steps = await warehouse.query(
    `SELECT run_id, step, status, started_at, finished_at, row_count AS rows, detail
    FROM refresh_step WHERE ${theirs} ORDER BY position, started_at, step`,
    since,
  );
  const checks = await warehouse.query(
    `SELECT run_id, name, status, observed, expected, message FROM data_check WHERE ${theirs} ORDER BY name`,
    since,
  );
  return runs.map((run) => {
    const own = (rows: readonly Row[]): Row[] => rows.filter((row) => row['run_id'] === run['run_id']).map(withoutRun);
    return { ...run, steps: nested(own(steps)), checks: own(checks) as unknown as CheckResult[] } as RefreshRun;
  });
}

function withoutRun({ run_id: _, ...rest }: Row): Row {
  return rest;
}

/** Puts parts into their steps. */
function nested(rows: readonly Row[]): Step[] {
  const isPart = (row: Row): boolean => String(row['step']).includes('.');
  return rows
    .filter((row) => !isPart(row))
    .map((row) => {
      const prefix = partName(String(row['step']), '');
      const parts = rows
        .filter((other) => String(other['step']).startsWith(prefix))
        .map(({ step, ...part }) => ({ part: String(step).slice(prefix.length), ...part }));
      return { ...row, parts } as unknown as Step;
    });
}

/** Every data check there is, with what it came to the last time that it ran. */
export async function newestChecks(warehouse: Warehouse): Promise<DataCheckState[]> {
  const newest = await warehouse.query(newestChecksSql);
  return dataChecks.map(({ name, title, looksAt, unit, expected }) => {
    const last = newest.find((row) => row['name'] === name) ?? neverChecked;
    const { status, observed, message, business_date, checked_at, since } = last;
    const came = { status, observed, message, business_date, checked_at, since };
    return { name, title, looks_at: looksAt, unit, expected, ...came } as DataCheckState;
  });
}

const neverChecked = {
  status: null,
  observed: null,
  message: null,
  business_date: null,
  checked_at: null,
  since: null,
};

/** One row a check: its newest result, and the first run of those in a row that came to the same status. */
const newestChecksSql = `
  WITH result AS (
    SELECT c.name, c.status, c.observed, c.message, r.business_date, r.started_at
    FROM data_check c JOIN refresh_run r ON r.run_id = c.run_id
  ),
  newest AS (
    SELECT r.* FROM result r
    JOIN (SELECT name, MAX(started_at) AS started_at FROM result GROUP BY name) l
      ON l.name = r.name AND l.started_at = r.started_at
  ),
  other AS (
    SELECT r.name, MAX(r.started_at) AS started_at
    FROM result r JOIN newest n ON n.name = r.name AND n.status <> r.status
    GROUP BY r.name
  ),
  streak AS (
    SELECT r.name, MIN(r.started_at) AS since
    FROM result r LEFT JOIN other o ON o.name = r.name
    WHERE o.started_at IS NULL OR r.started_at > o.started_at
    GROUP BY r.name
  )
  SELECT n.name, n.status, n.observed, n.message, n.business_date, n.started_at AS checked_at, s.since
  FROM newest n JOIN streak s ON s.name = n.name`;

/** When a table of reference data was read to its end, and when reading it failed after that. */
export interface LastRead {
  /** ISO 8601; null before the first time. */
  readonly readAt: string | null;
  /** Null when the last attempt went well. */
  readonly failedAt: string | null;
  readonly failure: string | null;
}

/** The last reads of a table of reference data. A step that ended without a word of the table speaks for it. */
export async function lastRead(warehouse: Warehouse, table: ReferenceName): Promise<LastRead> {
  const rows = await warehouse.query(lastReadSql, { part: partName('sources', table) });
  const of = (status: string): Row | undefined => rows.find((row) => row['status'] === status);
  const [read, failed] = [of('done'), of('failed')];
  const readAt = read ? String(read['finished_at']) : null;
  const failedAt = failed ? String(failed['finished_at']) : null;
  const isOver = readAt !== null && failedAt !== null && Date.parse(readAt) > Date.parse(failedAt);
  if (!failed || isOver) return { readAt, failedAt: null, failure: null };
  return { readAt, failedAt, failure: String(failed['detail'] ?? '') };
}

const lastReadSql = `
  SELECT status, finished_at, detail
  FROM (
    SELECT s.status, s.finished_at, s.detail,
      ROW_NUMBER() OVER (PARTITION BY s.status ORDER BY s.finished_at DESC) AS place
    FROM refresh_step s
    LEFT JOIN refresh_step p ON p.run_id = s.run_id AND p.step = $part
    WHERE s.status IN ('done', 'failed') AND (s.step = $part OR (s.step = 'sources' AND p.run_id IS NULL))
  ) ended
  WHERE place = 1`;
