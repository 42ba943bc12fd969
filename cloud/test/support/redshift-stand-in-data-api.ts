import { setTimeout as sleep } from 'node:timers/promises';
import { StandInError } from './redshift-stand-in-error.ts';
import type { Operation } from './redshift-stand-in-faults.ts';
import { type Engine, type Part, type Submitted, submit } from './redshift-stand-in-statements.ts';

type Input = Readonly<Record<string, unknown>>;

const partsMax = 40;
const statementBytesMax = 100 * 1024;
const rowBytesMax = 64 * 1024;

/** PostgreSQL's numbers of the types that the Data API names; text of any sort is varchar. */
const typeNames: Readonly<Record<number, string>> = {
  16: 'bool',
  20: 'int8',
  21: 'int2',
  23: 'int4',
  700: 'float4',
  701: 'float8',
  1042: 'bpchar',
  1082: 'date',
  1114: 'timestamp',
  1184: 'timestamptz',
  1700: 'numeric',
};

/** The operations of the Redshift Data API: what comes in and goes out is its JSON. */
export class DataApiServer {
  /** Every text that was sent. */
  readonly statements = new Set<string>();
  readonly #engine: Engine;
  readonly #pageRows: number;
  readonly #submitted = new Map<string, Submitted>();
  readonly #tokens = new Map<string, { readonly id: string; readonly request: string }>();

  constructor(engine: Engine, pageRows: number) {
    this.#engine = engine;
    this.#pageRows = pageRows;
    engine.faults.onExpire(() => this.#submitted.clear());
  }

  async call(operation: Operation, input: Input): Promise<unknown> {
    switch (operation) {
      case 'ExecuteStatement':
        return this.#execute([String(input['Sql'] ?? '')], false, input);
      case 'BatchExecuteStatement':
        return this.#execute(input['Sqls'] as string[], true, input);
      case 'DescribeStatement':
        return this.#describe(input);
      case 'GetStatementResult':
        return this.#result(input);
      case 'CancelStatement':
        return { Status: await this.#find(String(input['Id'])).submitted.cancel() };
    }
  }

  /** Resolves when everything that was submitted has ended. */
  async idle(): Promise<void> {
    await Promise.all([...this.#submitted.values()].map(({ ended }) => ended));
  }

  /** Cancels whatever runs, forgotten statements too, and waits for that. */
  async stop(): Promise<void> {
    const { outside } = this.#engine;
    await outside.query('SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()');
    await this.idle();
  }

  #execute(sqls: readonly string[], isBatch: boolean, input: Input): unknown {
    check(input['WorkgroupName'] && input['Database'], 'WorkgroupName and Database are required.');
    check(sqls.length >= 1 && sqls.length <= partsMax, `Sqls must have 1 to ${partsMax} members.`);
    for (const sql of sqls) {
      check(sql.length > 0 && Buffer.byteLength(sql) <= statementBytesMax, 'A statement has at most 100 KB.');
      this.statements.add(sql);
    }
    const submitted = this.#again(input) ?? submit(sqls, parametersOf(input, sqls), isBatch, this.#engine);
    this.#submitted.set(submitted.id, submitted);
    const token = input['ClientToken'];
    if (typeof token === 'string') this.#tokens.set(token, { id: submitted.id, request: JSON.stringify(input) });
    const { WorkgroupName, Database, SecretArn } = input;
    return { Id: submitted.id, CreatedAt: submitted.createdAtMs / 1000, WorkgroupName, Database, SecretArn };
  }

  /** What a request with this token started before, if there was one. */
  #again(input: Input): Submitted | undefined {
    const token = this.#tokens.get(String(input['ClientToken']));
    if (!token) return undefined;
    check(token.request === JSON.stringify(input), 'The ClientToken was used with other parameters.');
    return this.#submitted.get(token.id);
  }

  async #describe(input: Input): Promise<unknown> {
    const { submitted, part } = this.#find(String(input['Id']));
    await wait(submitted, input);
    const parts = submitted.parts.map((one, index) => describePart(one, `${submitted.id}:${index + 1}`));
    if (part) return describePart(part, String(input['Id']));
    const [first] = submitted.parts;
    return {
      ...(!submitted.isBatch && first && describePart(first, submitted.id)),
      Id: submitted.id,
      Status: submitted.status,
      Error: submitted.error,
      CreatedAt: submitted.createdAtMs / 1000,
      HasResultSet: submitted.parts.some(({ result }) => result !== undefined),
      ...(submitted.isBatch && { SubStatements: parts }),
    };
  }

  async #result(input: Input): Promise<unknown> {
    const { submitted, part = submitted.parts[0] } = this.#find(String(input['Id']));
    await wait(submitted, input);
    const { result } = part ?? {};
    check(
      submitted.status === 'FINISHED' && result,
      'Query does not have result. Please check query status with DescribeStatement.',
    );
    const from = Number(input['NextToken'] ?? 0);
    const to = from + this.#pageRows;
    const rows = result.rows.slice(from, to);
    for (const row of rows)
      check(Buffer.byteLength(row.join()) <= rowBytesMax, 'A row of the result is larger than 64 KB.');
    return {
      ColumnMetadata: result.fields.map(({ name, dataTypeID }) => ({
        name,
        label: name,
        typeName: typeNameOf(dataTypeID),
      })),
      Records: rows.map((row) => row.map((value, index) => fieldOf(value, result.fields[index]?.dataTypeID ?? 0))),
      TotalNumRows: result.rows.length,
      ...(to < result.rows.length && { NextToken: String(to) }),
    };
  }

  /** A statement by its id, or a part of a batch by the id with `:2` after it. */
  #find(id: string): { readonly submitted: Submitted; readonly part: Part | undefined } {
    const [whole = '', index] = id.split(':');
    const submitted = this.#submitted.get(whole);
    if (!submitted) throw new StandInError('ResourceNotFoundException', `Query ${id} does not exist.`);
    return { submitted, part: index === undefined ? undefined : submitted.parts[Number(index) - 1] };
  }
}

async function wait(submitted: Submitted, input: Input): Promise<void> {
  const seconds = Number(input['WaitTimeSeconds'] ?? 0);
  check(seconds >= 0 && seconds <= 30, 'WaitTimeSeconds is 0 to 30.');
  const enough = new AbortController();
  const pause = sleep(seconds * 1000, undefined, { signal: enough.signal }).catch(() => undefined);
  await Promise.race([submitted.ended, pause]);
  enough.abort();
}

function describePart(part: Part, id: string): object {
  return {
    Id: id,
    Status: part.status,
    Error: part.error,
    QueryString: part.sql,
    ResultRows: part.status === 'FINISHED' ? part.rowCount : -1,
    RedshiftQueryId: part.queryId,
    HasResultSet: part.result !== undefined,
  };
}

function parametersOf(input: Input, sqls: readonly string[]): ReadonlyMap<string, string> {
  const given = (input['Parameters'] ?? []) as readonly { readonly name: string; readonly value: string }[];
  for (const { name, value } of given) {
    check(/^\w+$/.test(name), `'${name}' is no name of a parameter.`);
    check(typeof value === 'string' && value.length > 0, `Parameter ${name} has no value.`);
    const isUsed = sqls.some((sql) => new RegExp(`:${name}\\b`).test(sql.replace(/'(?:[^']|'')*'/g, '')));
    check(isUsed, `Parameters list contains unused parameters. Unused parameters: [${name}]`);
  }
  return new Map(given.map(({ name, value }) => [name, value]));
}

function typeNameOf(type: number): string {
  return typeNames[type] ?? 'varchar';
}

function fieldOf(value: string | null, type: number): object {
  if (value === null) return { isNull: true };
  switch (typeNameOf(type)) {
    case 'bool':
      return { booleanValue: value === 't' };
    case 'int2':
    case 'int4':
    case 'int8':
      return { longValue: Number(value) };
    case 'float4':
    case 'float8':
      return { doubleValue: Number(value) };
    default:
      return { stringValue: value };
  }
}

function check(condition: unknown, message: string): asserts condition {
  if (!condition) throw new StandInError('ValidationException', message);
}
