import { randomUUID } from 'node:crypto';
import type { S3Client } from '@aws-sdk/client-s3';
import type pg from 'pg';
import { copy } from './redshift-stand-in-copy.ts';
import { refused, StandInError } from './redshift-stand-in-error.ts';
import type { Faults } from './redshift-stand-in-faults.ts';
import { translate } from './redshift-stand-in-translate.ts';

/** One SQL text and what became of it. */
export interface Part {
  readonly sql: string;
  readonly queryId: number;
  status: 'SUBMITTED' | 'STARTED' | 'FINISHED' | 'FAILED' | 'ABORTED';
  error?: string;
  /** Rows of its result, or rows that it changed. */
  rowCount: number;
  /** Undefined when it has no result set. */
  result?: { readonly fields: readonly pg.FieldDef[]; readonly rows: readonly (readonly (string | null)[])[] };
}

/** A statement or batch that was submitted. */
export interface Submitted {
  readonly id: string;
  readonly isBatch: boolean;
  readonly parts: readonly Part[];
  readonly createdAtMs: number;
  status: Part['status'];
  error?: string;
  /** Resolves when it has ended, however it did. */
  readonly ended: Promise<void>;
  cancel(): Promise<boolean>;
}

/** What statements run on. */
export interface Engine {
  /** Sessions of statements. */
  readonly pool: pg.Pool;
  /** What happens beside them, however many there are. */
  readonly outside: pg.Pool;
  readonly s3: S3Client;
  readonly faults: Faults;
}

let lastQueryId = 1000;
const lengthsMade = new WeakMap<pg.Pool, Set<number>>();

/** Starts statements in a session of their own: several in one serializable transaction, a single one by itself. */
export function submit(
  sqls: readonly string[],
  parameters: ReadonlyMap<string, string>,
  isBatch: boolean,
  engine: Engine,
): Submitted {
  const parts = sqls.map((sql): Part => {
    lastQueryId += 1;
    return { sql, queryId: lastQueryId, status: 'SUBMITTED', rowCount: 0 };
  });
  const session = new Session(parts, parameters, isBatch, engine);
  const submitted: Submitted = {
    id: randomUUID(),
    isBatch,
    parts,
    createdAtMs: Date.now(),
    status: 'SUBMITTED',
    ended: session.run().then(
      () => {
        submitted.status = 'FINISHED';
      },
      (error: unknown) => {
        submitted.status = session.isCancelled ? 'ABORTED' : 'FAILED';
        submitted.error = messageOf(error);
      },
    ),
    cancel: () => session.cancel(),
  };
  return submitted;
}

class Session {
  readonly #parts: readonly Part[];
  readonly #parameters: ReadonlyMap<string, string>;
  readonly #isBatch: boolean;
  readonly #engine: Engine;
  #pid: number | undefined;
  isCancelled = false;

  constructor(parts: readonly Part[], parameters: ReadonlyMap<string, string>, isBatch: boolean, engine: Engine) {
    this.#parts = parts;
    this.#parameters = parameters;
    this.#isBatch = isBatch;
    this.#engine = engine;
  }

  async run(): Promise<void> {
    const connection = await this.#engine.pool.connect();
    try {
      const { rows } = await connection.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
      this.#pid = rows[0]?.pid;
      if (this.#isBatch) await connection.query('BEGIN ISOLATION LEVEL SERIALIZABLE');
      for (const part of this.#parts) await this.#runPart(part, connection);
      if (this.#isBatch) await connection.query('COMMIT');
    } catch (error) {
      await connection.query('ROLLBACK').catch(() => undefined);
      for (const part of this.#parts) if (part.status === 'SUBMITTED') part.status = 'ABORTED';
      throw error;
    } finally {
      this.#pid = undefined;
      // The next session finds none of this one's temporary tables.
      await connection.query('DISCARD ALL').catch(() => undefined);
      connection.release();
    }
  }

  /** Whether there was something to cancel. */
  async cancel(): Promise<boolean> {
    if (this.#pid === undefined) return false;
    this.isCancelled = true;
    await this.#engine.outside.query('SELECT pg_cancel_backend($1)', [this.#pid]);
    return true;
  }

  async #runPart(part: Part, connection: pg.PoolClient): Promise<void> {
    part.status = 'STARTED';
    try {
      if (this.isCancelled) throw refused('Query cancelled on user request');
      this.#engine.faults.beforeStatement(part.sql);
      if (/^\s*copy\b/i.test(part.sql)) {
        const { outside, s3 } = this.#engine;
        part.rowCount = await copy(part.sql, { connection, outside, s3, queryId: part.queryId });
      } else {
        await this.#query(part, connection);
      }
      part.status = 'FINISHED';
    } catch (error) {
      part.status = this.isCancelled ? 'ABORTED' : 'FAILED';
      part.error = messageOf(error);
      throw error;
    }
  }

  async #query(part: Part, connection: pg.PoolClient): Promise<void> {
    const { text, values, lengths } = translate(part.sql, this.#parameters, this.#isBatch);
    await makeLengths(lengths, this.#engine.outside);
    const result = await connection.query<(string | null)[]>({
      text,
      values: [...values],
      rowMode: 'array',
      // Values as PostgreSQL writes them; and one statement only, as the extended protocol has it.
      types: { getTypeParser: () => (value: string) => value },
      queryMode: 'extended',
    } as pg.QueryArrayConfig<string[]>);
    part.rowCount = result.rowCount ?? 0;
    if (result.fields.length > 0) part.result = { fields: result.fields, rows: result.rows };
  }
}

/** Types of text that count bytes. They are made outside of the transaction, so that two may need the same at once. */
async function makeLengths(lengths: readonly number[], pool: pg.Pool): Promise<void> {
  const made = lengthsMade.get(pool) ?? new Set();
  lengthsMade.set(pool, made);
  for (const length of lengths.filter((one) => !made.has(one))) {
    await pool.query(`DO $$BEGIN
      CREATE DOMAIN redshift.varchar_${length} AS text CHECK (octet_length(VALUE) <= ${length});
      EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END$$`);
    made.add(length);
  }
}

/** An error as Redshift words it. */
function messageOf(error: unknown): string {
  if (error instanceof StandInError) return error.message;
  const { code, message = String(error) } = error as { code?: string; message?: string };
  if (code === '40001' || code === '40P01') return 'ERROR: 1023\n  DETAIL: Serializable isolation violation on table';
  const bytes = /domain varchar_(\d+) violates/.exec(message)?.[1];
  if (bytes !== undefined) return `ERROR: value too long for type character varying(${bytes})`;
  return `ERROR: ${message}`;
}
