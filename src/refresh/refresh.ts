import { randomUUID } from 'node:crypto';
import type { NextRefresh, StepStatus } from '../contract/refresh.ts';
import type { Log } from '../runtime/log.ts';
import type { EndedPart, NewRun, RunLedger } from './run-ledger.ts';
import type { Due, Schedule } from './schedule.ts';

/** What a step tells when it has ended well. */
export interface StepResult {
  /** Rows it read, moved or checked; null where there is nothing to count. */
  readonly rows: number | null;
  readonly detail?: string;
  /** True when there was nothing to do, such as a source that is not configured. */
  readonly skipped?: boolean;
}

export interface StepContext {
  readonly runId: string;
  readonly businessDate: string;
  /** Somebody asked for this step by its name. */
  readonly asked: boolean;
  readonly signal: AbortSignal;
  /** Tells how far a step is. */
  readonly progress: (done: number, total: number) => void;
  /** Keeps in the ledger what a part of the step came to. */
  readonly part: (part: EndedPart) => Promise<void>;
}

/** One step of the refresh. It may be stopped at any point and run again at any time. */
export interface RefreshStep {
  readonly name: string;
  run(context: StepContext): Promise<StepResult>;
}

/** What listeners of a run are told. */
export type RefreshNews =
  | {
      readonly step: string;
      readonly status: StepStatus;
      readonly rows: number | null;
      readonly ms: number;
      readonly detail: string | null;
    }
  | { readonly step: string; readonly status: 'running'; readonly done: number; readonly total: number };

export interface RefreshResult {
  readonly run_id: string;
  readonly business_date: string;
  readonly status: 'done' | 'failed';
  readonly ms: number;
}

export interface RefreshOptions {
  readonly schedule: Schedule;
  readonly ledger: RunLedger;
  readonly steps: readonly RefreshStep[];
  readonly log: Log;
  readonly now: () => number;
  /** The run has ended when this has. */
  readonly onFinished?: (result: RefreshResult) => Promise<void>;
}

/** A run that is due: how often it failed, and when it may be tried. */
interface Waiting extends Due {
  readonly failed: number;
  readonly notBeforeMs: number;
  readonly missedDates: number;
}

const attemptsMax = 3;
const waitAfterFailureMs = 10 * 60_000;
const dayMs = 86_400_000;

/**
 * The daily refresh: its steps in order, once a business date by itself, and by hand at any time. A step that fails
 * is said and the others go on; the run counts as failed and is tried again twice, ten minutes apart.
 */
export class Refresh {
  readonly #options: RefreshOptions;
  readonly #stopping = new AbortController();
  readonly #listeners = new Set<(news: RefreshNews) => void>();
  #running: Promise<RefreshResult> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<unknown> = Promise.resolve();

  constructor(options: RefreshOptions) {
    this.#options = options;
  }

  /** Begins to look whether a run is due: at once, so that a missed one is caught up, and then every so often. */
  async start(everyMs = 15_000): Promise<void> {
    await this.#options.ledger.closeInterrupted();
    const look = (): void => {
      this.#looking = this.runIfDue().catch((error: unknown) =>
        this.#options.log.error({ err: error }, 'the refresh could not begin; it is tried again'),
      );
    };
    look();
    this.#timer = setInterval(look, everyMs);
    this.#timer.unref();
  }

  /** Resolves when the step under way has stopped; the run is caught up by the next start. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#stopping.abort();
    await this.#looking;
    await this.#running?.catch(() => undefined);
  }

  get running(): boolean {
    return this.#running !== undefined;
  }

  /** The run that begins next by itself: the next on the schedule, or one that is due and waits to be tried again. */
  async next(): Promise<NextRefresh> {
    const { schedule, now } = this.#options;
    const waiting = this.running ? undefined : await this.#waiting();
    const { businessDate, scheduledAtMs } = waiting ?? schedule.next(now());
    return {
      at: new Date(waiting ? Math.max(now(), waiting.notBeforeMs) : scheduledAtMs).toISOString(),
      business_date: businessDate,
      time_zone: schedule.timeZone,
      is_retry: (waiting?.failed ?? 0) > 0,
    };
  }

  /** Runs what is due, if something is and has not been done. */
  async runIfDue(): Promise<RefreshResult | undefined> {
    const { now } = this.#options;
    if (this.#running || this.#stopping.signal.aborted) return undefined;
    const waiting = await this.#waiting();
    if (!waiting || now() < waiting.notBeforeMs) return undefined;
    const { businessDate, scheduledAtMs, missedDates } = waiting;
    const onTime = now() - scheduledAtMs < waitAfterFailureMs && missedDates === 0;
    const trigger = onTime ? 'schedule' : 'catch_up';
    return this.#begin({ businessDate, scheduledAtMs, runId: randomUUID(), trigger, missedDates });
  }

  /** Runs now, or joins the run that is under way. A run by hand does not stand for a scheduled one. */
  async runByHand(listen?: (news: RefreshNews) => void, only?: readonly string[]): Promise<RefreshResult> {
    if (listen) this.#listeners.add(listen);
    try {
      const { businessDate } = this.#options.schedule.latest(this.#options.now());
      const run = { runId: randomUUID(), businessDate, scheduledAtMs: null, trigger: 'hand', missedDates: 0 } as const;
      return await (this.#running ?? this.#begin(run, only));
    } finally {
      if (listen) this.#listeners.delete(listen);
    }
  }

  /** What is due and neither done nor given up. */
  async #waiting(): Promise<Waiting | undefined> {
    const { schedule, ledger, now } = this.#options;
    const due = schedule.latest(now());
    const doneThrough = (await ledger.lastDone()) ?? (await ledger.firstLoad());
    if (doneThrough === null || doneThrough >= due.scheduledAtMs) return undefined;
    const { done, failed, lastFailedAtMs } = await ledger.attempts(due);
    if (done || failed >= attemptsMax) return undefined;
    const missedDates = this.#missed(doneThrough, due);
    return { ...due, failed, notBeforeMs: lastFailedAtMs + waitAfterFailureMs, missedDates };
  }

  /** How many business dates lie between what is done and what is due. */
  #missed(doneThroughMs: number, due: Due): number {
    const last = this.#options.schedule.latest(doneThroughMs).businessDate;
    return Math.max(0, Math.round((Date.parse(due.businessDate) - Date.parse(last)) / dayMs) - 1);
  }

  #begin(run: NewRun, only?: readonly string[]): Promise<RefreshResult> {
    this.#running = this.#run(run, only).finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #run(run: NewRun, only: readonly string[] | undefined): Promise<RefreshResult> {
    const { ledger, log, now, onFinished } = this.#options;
    const startedMs = now();
    await ledger.begin(run);
    let failed = false;
    for (const [position, step] of this.#options.steps.entries()) {
      if (only && !only.includes(step.name)) continue;
      // An interrupted run stays open in the ledger, so that the next start says so and runs it again.
      if (this.#stopping.signal.aborted) throw new Error('The refresh was interrupted.');
      failed = !(await this.#runStep(run, position, step, only !== undefined)) || failed;
    }
    if (this.#stopping.signal.aborted) throw new Error('The refresh was interrupted.');
    const status = failed ? 'failed' : 'done';
    await ledger.end(run.runId, status);
    const result = { run_id: run.runId, business_date: run.businessDate, status, ms: now() - startedMs } as const;
    log[failed ? 'warn' : 'info'](result, `refresh ${status}`);
    await onFinished?.(result);
    return result;
  }

  /** Whether the step ended well. */
  async #runStep(
    { runId, businessDate }: NewRun,
    position: number,
    step: RefreshStep,
    asked: boolean,
  ): Promise<boolean> {
    const { ledger, log, now } = this.#options;
    const startedMs = now();
    await ledger.beginStep(runId, position, step.name);
    let [status, rows, detail]: [Exclude<StepStatus, 'running'>, number | null, string | null] = ['done', null, null];
    try {
      const progress = (done: number, total: number): void =>
        this.#tell({ step: step.name, status: 'running', done, total });
      progress(0, 0);
      const part = (ended: EndedPart): Promise<void> => ledger.addPart(runId, position, step.name, ended);
      const result = await step.run({ runId, businessDate, asked, signal: this.#stopping.signal, progress, part });
      [status, rows, detail] = [result.skipped ? 'skipped' : 'done', result.rows, result.detail ?? null];
    } catch (error) {
      [status, detail] = ['failed', error instanceof Error ? error.message : String(error)];
      log.error({ err: error, step: step.name }, 'a step of the refresh failed; the others go on');
    }
    await ledger.endStep({ runId, step: step.name, status, rows, detail });
    this.#tell({ step: step.name, status, rows, ms: now() - startedMs, detail });
    return status !== 'failed';
  }

  #tell(news: RefreshNews): void {
    for (const listener of this.#listeners) listener(news);
  }
}
