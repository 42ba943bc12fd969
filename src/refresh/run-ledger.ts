import type { RefreshRun, RefreshTrigger, StepStatus } from '../contract/refresh.ts';
import type { SqlParameters, Warehouse } from '../warehouse/warehouse.ts';
import { newestRuns, partName } from './run-history.ts';
import type { Due } from './schedule.ts';

/** A run as it begins. */
export interface NewRun {
  readonly runId: string;
  readonly businessDate: string;
  /** Null when it is started by hand. */
  readonly scheduledAtMs: number | null;
  readonly trigger: RefreshTrigger;
  /** Earlier business dates that it stands for as well. */
  readonly missedDates: number;
}

/** A step as it ended. */
export interface EndedStep {
  readonly runId: string;
  readonly step: string;
  readonly status: Exclude<StepStatus, 'running'>;
  readonly rows: number | null;
  readonly detail: string | null;
}

/** A part of a step as it ended, such as one table of a source. */
export interface EndedPart {
  readonly part: string;
  readonly status: 'done' | 'failed';
  readonly startedAtMs: number;
  readonly finishedAtMs: number;
  readonly rows: number | null;
  readonly detail: string | null;
}

/** What the ledger says of the scheduled runs of a business date. */
export interface Attempts {
  readonly done: boolean;
  readonly failed: number;
  readonly lastFailedAtMs: number;
}

const iso = (ms: number): string => new Date(ms).toISOString();

/** The refresh's book of runs and steps, in the warehouse, so that it survives whatever ends a process. */
export class RunLedger {
  readonly #warehouse: Warehouse;
  readonly #now: () => number;

  constructor(warehouse: Warehouse, now: () => number) {
    this.#warehouse = warehouse;
    this.#now = now;
  }

  /** Says of runs that a stopped process left behind that they did not end. */
  async closeInterrupted(): Promise<void> {
    const at = iso(this.#now());
    await this.#warehouse.write([
      {
        sql: `UPDATE refresh_run SET status = 'interrupted', finished_at = CAST($at AS TIMESTAMP) WHERE status = 'running'`,
        parameters: { at },
      },
      {
        sql: `UPDATE refresh_step SET status = 'failed', finished_at = CAST($at AS TIMESTAMP), detail = 'The process ended.' WHERE status = 'running'`,
        parameters: { at },
      },
    ]);
  }

  /** The newest scheduled instant that a done run stands for; null before the first. */
  async lastDone(): Promise<number | null> {
    const [row] = await this.#warehouse.query(
      `SELECT MAX(scheduled_at) AS at FROM refresh_run WHERE status = 'done' AND scheduled_at IS NOT NULL`,
    );
    return row?.['at'] ? Date.parse(String(row['at'])) : null;
  }

  /** The instant of the first load, from when on a refresh may be missing; null when nothing was loaded. */
  async firstLoad(): Promise<number | null> {
    const [row] = await this.#warehouse.query('SELECT MIN(loaded_at) AS at FROM load_ledger');
    return row?.['at'] ? Date.parse(String(row['at'])) : null;
  }

  async attempts({ scheduledAtMs }: Due): Promise<Attempts> {
    const rows = await this.#warehouse.query(
      `SELECT status, COUNT(*) AS runs, MAX(finished_at) AS last_at FROM refresh_run
      WHERE scheduled_at = CAST($at AS TIMESTAMP) GROUP BY status`,
      { at: iso(scheduledAtMs) },
    );
    const failed = rows.filter((row) => row['status'] === 'failed');
    return {
      done: rows.some((row) => row['status'] === 'done'),
      failed: failed.reduce((sum, row) => sum + Number(row['runs']), 0),
      lastFailedAtMs: failed.reduce((last, row) => Math.max(last, Date.parse(String(row['last_at']))), 0),
    };
  }

  async begin(run: NewRun): Promise<void> {
    await this.#write(
      `INSERT INTO refresh_run VALUES ($run_id, CAST($date AS DATE), CAST($scheduled_at AS TIMESTAMP), $trigger, 'running',
        CAST($at AS TIMESTAMP), NULL, $missed)`,
      {
        run_id: run.runId,
        date: run.businessDate,
        scheduled_at: run.scheduledAtMs === null ? null : iso(run.scheduledAtMs),
        trigger: run.trigger,
        at: iso(this.#now()),
        missed: run.missedDates,
      },
    );
  }

  async beginStep(runId: string, position: number, step: string): Promise<void> {
    await this.#write(
      `INSERT INTO refresh_step VALUES ($run_id, $position, $step, 'running', CAST($at AS TIMESTAMP), NULL, NULL, NULL)`,
      { run_id: runId, position, step, at: iso(this.#now()) },
    );
  }

  async endStep({ runId, step, status, rows, detail }: EndedStep): Promise<void> {
    await this.#write(
      `UPDATE refresh_step SET status = $status, finished_at = CAST($at AS TIMESTAMP), row_count = CAST($rows AS BIGINT), detail = $detail
      WHERE run_id = $run_id AND step = $step`,
      { run_id: runId, step, status, rows, detail, at: iso(this.#now()) },
    );
  }

  /** Keeps what a part of a step came to. */
  async addPart(runId: string, position: number, step: string, ended: EndedPart): Promise<void> {
    await this.#write(
      `INSERT INTO refresh_step VALUES ($run_id, $position, $step, $status, CAST($started AS TIMESTAMP),
        CAST($finished AS TIMESTAMP), CAST($rows AS BIGINT), $detail)`,
      {
        run_id: runId,
        position,
        step: partName(step, ended.part),
        status: ended.status,
        started: iso(ended.startedAtMs),
        finished: iso(ended.finishedAtMs),
        rows: ended.rows,
        detail: ended.detail,
      },
    );
  }

  async end(runId: string, status: 'done' | 'failed'): Promise<void> {
    await this.#write(
      'UPDATE refresh_run SET status = $status, finished_at = CAST($at AS TIMESTAMP) WHERE run_id = $run_id',
      { run_id: runId, status, at: iso(this.#now()) },
    );
  }

  /** The newest runs, each with its steps and data checks. */
  newest(limit: number): Promise<RefreshRun[]> {
    return newestRuns(this.#warehouse, limit);
  }

  #write(sql: string, parameters: SqlParameters): Promise<void> {
    return this.#warehouse.write([{ sql, parameters }]);
  }
}
