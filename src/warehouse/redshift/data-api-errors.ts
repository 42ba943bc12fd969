/** A statement that Redshift did not take or not finish. The message has its text, which holds no values. */
export class StatementError extends Error {
  override readonly name = 'StatementError';
  /** The statement's place in its batch, from 0; undefined when the whole batch failed. */
  readonly index: number | undefined;
  /** Redshift's own id of the query, by which its system tables know it; undefined when it never ran. */
  readonly queryId: number | undefined;
  /** What Redshift says. */
  readonly reason: string;

  constructor(reason: string, where: StatementPlace, options?: ErrorOptions) {
    super(`${nameOf(where)} failed: ${reason.trim()}\n  ${shorten(where.sql)}`, options);
    this.index = where.index;
    this.queryId = where.queryId;
    this.reason = reason;
  }
}

/** Which statement of a batch of how many. */
export interface StatementPlace {
  readonly sql: string;
  readonly index: number | undefined;
  readonly of: number;
  readonly queryId?: number | undefined;
}

/** Whether another transaction was in the way, so that the same statements may succeed when they are run again. */
export function isConflict(error: unknown): boolean {
  return error instanceof StatementError && conflicts.test(error.reason);
}

/** Whether the service asks to come back later; nothing was done. */
export function isThrottle(error: unknown): boolean {
  return error instanceof Error && throttles.has(error.name);
}

/** 1023 is Redshift's number for a serializable isolation violation. */
const conflicts = /ERROR: 1023\b|serializable isolation violation|could not serialize access|deadlock detected/i;

const throttles = new Set([
  'ActiveStatementsExceededException',
  'ActiveSessionsExceededException',
  'ActiveWaitingRequestsExceededException',
  'ThrottlingException',
  'TooManyRequestsException',
]);

function nameOf({ index, of }: StatementPlace): string {
  if (of === 1) return 'A statement';
  return index === undefined ? `A batch of ${of} statements` : `Statement ${index + 1} of ${of}`;
}

const shownMax = 200;

function shorten(sql: string): string {
  const line = sql.replace(/\s+/g, ' ').trim();
  return line.length > shownMax ? `${line.slice(0, shownMax)}…` : line;
}
