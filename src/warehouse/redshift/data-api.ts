import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  BatchExecuteStatementCommand,
  CancelStatementCommand,
  type ColumnMetadata,
  DescribeStatementCommand,
  type DescribeStatementResponse,
  ExecuteStatementCommand,
  GetStatementResultCommand,
  type RedshiftDataClient,
} from '@aws-sdk/client-redshift-data';
import type { Row, SqlParameters, WriteStatement } from '../warehouse.ts';
import { isConflict, isThrottle, StatementError } from './data-api-errors.ts';
import { type PreparedStatement, prepare } from './data-api-parameters.ts';
import { retrying } from './data-api-retry.ts';
import { toRows } from './data-api-rows.ts';

export interface DataApiOptions {
  readonly client: RedshiftDataClient;
  readonly workgroupName: string;
  readonly database: string;
  /** Whom to sign in as; without it, the caller's own identity. */
  readonly secretArn?: string;
  /** How long one call waits for a statement to end, 0 to 30,000 ms; 10 s unless told. */
  readonly waitMs?: number;
  /** How long to wait before a second try, ms; it doubles from then on. 100 unless told. */
  readonly retryMs?: number;
}

/** The Data API's own limits. */
const batchStatementsMax = 40;
const statementBytesMax = 100_000;

const mayHaveRun = ' (it may have taken effect)';

const firstPauseMs = 20;
const pauseMsMax = 1_000;

/**
 * Runs statements on Redshift without a connection. What the service throttles is sent again with the same token, so
 * that it runs once; what met another transaction (error 1023) is run again as it is, so statements must find in the
 * tables whatever they depend on.
 */
export class DataApi {
  readonly #client: RedshiftDataClient;
  readonly #target: { WorkgroupName: string; Database: string; SecretArn?: string };
  readonly #waitMs: number;
  readonly #retryMs: number;

  constructor({ client, workgroupName, database, secretArn, waitMs = 10_000, retryMs = 100 }: DataApiOptions) {
    this.#client = client;
    this.#target = { WorkgroupName: workgroupName, Database: database, ...(secretArn && { SecretArn: secretArn }) };
    this.#waitMs = waitMs;
    this.#retryMs = retryMs;
  }

  /**
   * Runs 1 to 40 statements in one transaction, all or none, and resolves with the number of rows each changed. A
   * statement that Redshift did not say a number for (DDL) has 0.
   *
   * @throws StatementError that names the statement, when none of them took effect; when the service cannot be
   * reached they may have, which the message says. After an abort they may have, too.
   */
  async batch(statements: readonly WriteStatement[], signal?: AbortSignal): Promise<number[]> {
    const prepared = statements.map(({ sql, parameters }, index) => prepare(sql, parameters, `s${index + 1}_`));
    if (prepared.length === 0) return [];
    if (prepared.length > batchStatementsMax) {
      throw new RangeError(`A batch has at most ${batchStatementsMax} statements, not ${prepared.length}.`);
    }
    const parameters = prepared.flatMap((statement) => statement.parameters);
    const start = async (token: string) => {
      const command = new BatchExecuteStatementCommand({
        ...this.#target,
        Sqls: prepared.map(({ sql }) => sql),
        ...(parameters.length > 0 && { Parameters: parameters }),
        ClientToken: token,
      });
      return (await this.#client.send(command)).Id;
    };
    const { SubStatements = [] } = await this.#execute(prepared, start, signal);
    return prepared.map((_, index) => Math.max(SubStatements[index]?.ResultRows ?? 0, 0));
  }

  /** The rows of one SELECT with named parameters (`$name`). Cancels the statement when the signal aborts. */
  async query(sql: string, parameters: SqlParameters = {}, signal?: AbortSignal): Promise<Row[]> {
    const rows: Row[] = [];
    for await (const page of this.stream(sql, parameters, signal)) for (const row of page) rows.push(row);
    return rows;
  }

  /** The same page by page. Redshift runs the whole statement before the first page, and keeps its result for a day. */
  async *stream(sql: string, parameters: SqlParameters = {}, signal?: AbortSignal): AsyncGenerator<Row[]> {
    const statement = prepare(sql, parameters);
    const start = async (token: string) => {
      const command = new ExecuteStatementCommand({
        ...this.#target,
        Sql: statement.sql,
        ...(statement.parameters.length > 0 && { Parameters: [...statement.parameters] }),
        ClientToken: token,
      });
      return (await this.#client.send(command)).Id;
    };
    const { Id, HasResultSet } = await this.#execute([statement], start, signal);
    if (HasResultSet) yield* this.#pages(statement, Id, signal);
  }

  /**
   * Runs prepared statements to their end, again as long as other transactions are in the way. A call that starts
   * them is not broken off: without their id they could not be cancelled.
   */
  #execute(
    statements: readonly PreparedStatement[],
    start: (token: string) => Promise<string | undefined>,
    signal: AbortSignal | undefined,
  ): Promise<DescribeStatementResponse> {
    const tooLong = statements.findIndex(({ sql }) => Buffer.byteLength(sql) > statementBytesMax);
    if (tooLong >= 0) throw failure(statements, tooLong, `it is longer than ${statementBytesMax} bytes`);
    const run = async () => {
      signal?.throwIfAborted();
      const token = randomUUID();
      const id = await this.#calm(() => start(token), signal).catch((error: unknown) => {
        signal?.throwIfAborted();
        throw failure(statements, undefined, reasonOf(error), error);
      });
      const description = await this.#ended(id, signal).catch((error: unknown) => {
        signal?.throwIfAborted();
        throw failure(statements, undefined, `its end is not known: ${reasonOf(error)}`, error);
      });
      if (description.Status === 'FINISHED') return description;
      throw explain(statements, description);
    };
    return retrying(run, { isRetryable: isConflict, firstWaitMs: this.#retryMs, signal });
  }

  async #ended(id: string | undefined, signal: AbortSignal | undefined): Promise<DescribeStatementResponse> {
    const waitSeconds = Math.ceil(this.#waitMs / 1000);
    const command = new DescribeStatementCommand({ Id: id, ...(waitSeconds > 0 && { WaitTimeSeconds: waitSeconds }) });
    try {
      for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, pauseMsMax)) {
        const askedMs = performance.now();
        const description = await this.#calm(() => this.#client.send(command, abortable(signal)), signal);
        if (/^(FINISHED|FAILED|ABORTED)$/.test(description.Status ?? '')) return description;
        // An early answer is one that was not waited for.
        if (performance.now() - askedMs < this.#waitMs / 2) await sleep(pauseMs, undefined, { signal });
      }
    } catch (error) {
      if (!signal?.aborted) throw error;
      // A statement that ended meanwhile cannot be cancelled, and need not be.
      await this.#client.send(new CancelStatementCommand({ Id: id })).catch(() => undefined);
      throw signal.reason;
    }
  }

  async *#pages(statement: PreparedStatement, id: string | undefined, signal: AbortSignal | undefined) {
    let columns: ColumnMetadata[] | undefined;
    let next: string | undefined;
    do {
      const command = new GetStatementResultCommand({ Id: id, ...(next && { NextToken: next }) });
      const send = () => this.#client.send(command, abortable(signal));
      const page = await this.#calm(send, signal).catch((error: unknown) => {
        signal?.throwIfAborted();
        throw failure([statement], undefined, reasonOf(error), error);
      });
      columns ??= page.ColumnMetadata ?? [];
      if (page.Records && page.Records.length > 0) yield toRows(columns, page.Records);
      next = page.NextToken;
    } while (next);
  }

  /** Sends again what the service had no room for. The SDK itself does so for broken connections and its 5xx. */
  #calm<T>(send: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    return retrying(send, { isRetryable: isThrottle, firstWaitMs: this.#retryMs, signal });
  }
}

/** The error of a batch is that of the statement that failed, not of those that were not run because of it. */
function explain(statements: readonly PreparedStatement[], description: DescribeStatementResponse): StatementError {
  const parts = description.SubStatements ?? [];
  const failed = parts.findIndex(({ Status }) => Status === 'FAILED');
  const part = parts[failed];
  const reason = part?.Error || description.Error || `it is ${description.Status}`;
  return failure(statements, failed < 0 ? undefined : failed, reason, undefined, (part ?? description).RedshiftQueryId);
}

function failure(
  statements: readonly PreparedStatement[],
  index: number | undefined,
  reason: string,
  cause?: unknown,
  queryId?: number,
): StatementError {
  const place = { sql: statements[index ?? 0]?.sql ?? '', index, of: statements.length, queryId };
  return new StatementError(reason, place, cause === undefined ? undefined : { cause });
}

function abortable(signal: AbortSignal | undefined): { abortSignal?: AbortSignal } {
  return signal ? { abortSignal: signal } : {};
}

/** What the service or the connection to it says. Only a fault of the request means that nothing was done. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const isRefusal = '$fault' in error && error.$fault === 'client';
  return `${error.name}: ${error.message}${isRefusal ? '' : mayHaveRun}`;
}
