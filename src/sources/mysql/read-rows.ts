import { Attempts, type RetryPolicy } from './attempts.ts';
import type { Session, SqlValue } from './session.ts';
import { type Cursor, type Statement, selectPage } from './statements.ts';
import type { Column, TableShape } from './table-shape.ts';

/** What a session finds out before it reads: the same columns each time, the first of them the key. */
export interface Plan {
  readonly shape: TableShape;
  readonly columns: readonly Column[];
  readonly changed: Statement | undefined;
}

export interface RowReader {
  readonly place: string;
  readonly retry: RetryPolicy;
  /** Rows of one statement, where the key is unique: a server may limit how long one takes. */
  readonly pageRows: number;
  readonly signal: AbortSignal | undefined;
  open(): Promise<Session>;
  plan(session: Session): Promise<Plan>;
}

const batchRows = 2_000;

/**
 * Reads the rows of a plan in the order of their keys, in batches. When the connection is lost it makes another one
 * and goes on behind the last key; rows of one key that is not unique may then come once more.
 *
 * @throws SourceError when it cannot be read to its end
 */
export async function* readRows(reader: RowReader): AsyncGenerator<unknown[][]> {
  const attempts = new Attempts(reader.retry, reader.place, reader.signal);
  let cursor: Cursor | undefined;
  for (;;) {
    let session: Session | undefined;
    try {
      session = await reader.open();
      for await (const batch of readSession(session, await reader.plan(session), reader.pageRows, cursor)) {
        const next = cursorBehind(batch) ?? cursor;
        // A key that is read again and again is no progress.
        if (next?.key !== cursor?.key) attempts.progressed();
        cursor = next;
        yield batch;
      }
      return;
    } catch (error) {
      await attempts.failed(error);
    } finally {
      session?.close();
    }
  }
}

async function* readSession(
  session: Session,
  { shape, columns, changed }: Plan,
  pageRows: number,
  from: Cursor | undefined,
): AsyncGenerator<unknown[][]> {
  const rowsMax = shape.hasUniqueKey ? pageRows : undefined;
  let cursor = from;
  for (;;) {
    const { sql, values } = selectPage(shape, columns, changed, cursor, rowsMax);
    let rows = 0;
    for await (const batch of inBatches(session.stream(sql, values))) {
      rows += batch.length;
      cursor = cursorBehind(batch) ?? cursor;
      yield batch;
    }
    if (rowsMax === undefined || rows < rowsMax) return;
  }
}

async function* inBatches(rows: AsyncIterable<unknown[]>): AsyncGenerator<unknown[][]> {
  let batch: unknown[][] = [];
  for await (const row of rows) {
    batch.push(row);
    if (batch.length === batchRows) {
      yield batch;
      batch = [];
    }
  }
  if (batch.length > 0) yield batch;
}

/** NULL sorts first, so a batch that ends with it has no other key. */
function cursorBehind(batch: readonly unknown[][]): Cursor | undefined {
  const key = batch.at(-1)?.[0] as SqlValue | null | undefined;
  return key === null || key === undefined ? undefined : { key };
}
