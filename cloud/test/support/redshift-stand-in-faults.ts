import { StandInError } from './redshift-stand-in-error.ts';

/** Calls of the Data API that the stand-in answers. */
export type Operation =
  | 'ExecuteStatement'
  | 'BatchExecuteStatement'
  | 'DescribeStatement'
  | 'GetStatementResult'
  | 'CancelStatement';

interface Refusal {
  readonly operation: Operation;
  readonly exception: string;
  times: number;
}

interface StatementFault {
  readonly pattern: RegExp;
  readonly error: string;
  times: number;
}

/** What is to go wrong next. Each fault happens the given number of times, once unless told, and then no more. */
export class Faults {
  readonly #refusals: Refusal[] = [];
  readonly #statements: StatementFault[] = [];
  readonly #dropped = new Map<Operation, number>();
  #expired: (() => void) | undefined;

  /** The next calls of an operation are answered by this exception, and nothing is done. */
  refuse(operation: Operation, exception: string, times = 1): void {
    this.#refusals.push({ operation, exception, times });
  }

  /** The next statements whose text matches fail with this error; their transaction is rolled back. */
  failStatement(pattern: RegExp, error: string, times = 1): void {
    this.#statements.push({ pattern, error, times });
  }

  /** The same with Redshift's error 1023, as if another transaction had been in the way. */
  conflict(pattern: RegExp, times = 1): void {
    this.failStatement(pattern, 'ERROR: 1023\n  DETAIL: Serializable isolation violation on table', times);
  }

  /** The next calls are done, statements to their end; then the connection breaks instead of an answer. */
  dropAnswer(operation: Operation, times = 1): void {
    this.#dropped.set(operation, (this.#dropped.get(operation) ?? 0) + times);
  }

  /** Forgets every statement that there was, as Redshift does after a day. */
  expireResults(): void {
    this.#expired?.();
  }

  /** For the stand-in: what `expireResults` does. */
  onExpire(expire: () => void): void {
    this.#expired = expire;
  }

  /** For the stand-in: before it does a call. */
  beforeCall(operation: Operation): void {
    const refusal = this.#refusals.find((one) => one.operation === operation && one.times > 0);
    if (!refusal) return;
    refusal.times -= 1;
    throw new StandInError(refusal.exception, `${operation} is to be refused.`);
  }

  /** For the stand-in: before it runs a statement. */
  beforeStatement(sql: string): void {
    const fault = this.#statements.find((one) => one.times > 0 && one.pattern.test(sql));
    if (!fault) return;
    fault.times -= 1;
    throw new StandInError('StatementFault', fault.error);
  }

  /** For the stand-in: whether the answer to this call is to be lost. */
  losesAnswer(operation: Operation): boolean {
    const times = this.#dropped.get(operation) ?? 0;
    if (times > 0) this.#dropped.set(operation, times - 1);
    return times > 0;
  }
}
