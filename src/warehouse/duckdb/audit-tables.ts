import type { DuckDBConnection } from '@duckdb/node-api';
import type { ReportDiscrepancy } from '../audit.ts';
import type { Row } from '../warehouse.ts';
import { toRows } from './rows.ts';
import { sqlFile } from './sql-file.ts';
import { transaction } from './transaction.ts';

const everySegment = { first: 0, last: Number.MAX_SAFE_INTEGER };
/** So many orders are resolved again at a time. */
const resolvedAtOnce = 500_000;

const held = ['held-ledger', 'held-segments', 'held-books', 'held-quarantine'].map((name) => sqlFile(`verify-${name}`));
const sql = {
  past: sqlFile('verify-held-past'),
  contested: sqlFile('verify-held-contested'),
  found: sqlFile('verify-found-tables'),
  doubledHeads: sqlFile('verify-doubled-heads'),
  revisions: sqlFile('verify-revisions'),
  unbalancedLines: sqlFile('verify-unbalanced-lines'),
  contradictions: sqlFile('verify-contradictions'),
  dates: sqlFile('verify-dates'),
  totals: sqlFile('verify-totals'),
  places: sqlFile('verify-places'),
  resolved: sqlFile('resolved').replace('  -- one of the unresolved-….sql', () => sqlFile('verify-unresolved')),
};

type Check = (connection: DuckDBConnection, report: ReportDiscrepancy) => Promise<void>;
const checks: readonly Check[] = [doubledHeads, revisions, unbalancedLines, contradictions, dates, totals];

/** Remembers what the tables hold as sums, and reports what they contradict among themselves: all in one transaction. */
export async function readTables(
  connection: DuckDBConnection,
  report: ReportDiscrepancy,
  onStep: (done: number, total: number) => void,
): Promise<void> {
  await connection.run(sql.found);
  await transaction(connection, async () => {
    const [size] = await rowsOf(connection, 'SELECT COUNT(*) AS heads FROM order_head');
    const parts = Math.max(1, Math.ceil(Number(size?.['heads']) / resolvedAtOnce));
    const total = held.length + 1 + checks.length + parts;
    let done = 0;
    const step = (): void => onStep(++done, total);
    await readPast(connection, everySegment);
    step();
    for (const statement of held) {
      await connection.run(statement);
      step();
    }
    for (const check of checks) {
      await check(connection, report);
      step();
    }
    for (let part = 0; part < parts; part += 1) {
      await places(connection, report, { part, parts });
      step();
    }
  });
}

/** Remembers which records of some segment files do not count. */
export async function readPast(
  connection: DuckDBConnection,
  { first, last }: { readonly first: number; readonly last: number },
): Promise<void> {
  await connection.run(sql.past, { first, last });
  await connection.run(sql.contested);
}

/** The rows of a statement as plain values. */
export async function rowsOf(connection: DuckDBConnection, statement: string, values: object = {}): Promise<Row[]> {
  const reader = await connection.runAndReadAll(statement, { ...values });
  return toRows(reader.columnNames(), reader.getRows());
}

/** How problems name an order; one that only its key is known of by that. */
export function orderName(row: Row): string {
  const name =
    row['order_id'] === null || row['order_id'] === undefined
      ? `order with key ${row['order_key']}`
      : `order ${row['order_id']} of source ${row['source']}`;
  const line = row['line'] === null || row['line'] === undefined ? '' : `, line ${row['line']}`;
  return `segment file ${row['segment']}, ${name}${line}`;
}

async function doubledHeads(connection: DuckDBConnection, report: ReportDiscrepancy): Promise<void> {
  for (const row of await rowsOf(connection, sql.doubledHeads))
    report({ code: 'order_doubled', where: orderName(row), detail: `It counts ${row['heads']} times.` });
}

async function revisions(connection: DuckDBConnection, report: ReportDiscrepancy): Promise<void> {
  for (const row of await rowsOf(connection, sql.revisions)) {
    const record = `Revision ${row['revision']}, ${row['status']}, came`;
    if (row['head_revision'] === null)
      report({
        code: 'order_missing',
        where: orderName(row),
        detail: `${record}, and no revision of the order counts.`,
      });
    else {
      const detail = `${record}, and revision ${row['head_revision']}, ${row['head_status']}, counts.`;
      report({ code: 'revision_wrong', where: orderName(row), detail });
    }
  }
}

async function unbalancedLines(connection: DuckDBConnection, report: ReportDiscrepancy): Promise<void> {
  if (!(await some(connection, 'due <> paid OR due_orders <> paid_orders'))) return;
  for (const row of await rowsOf(connection, sql.unbalancedLines)) {
    const lines = `${row['lines']} lines of ${row['paid']} cents are in the tables`;
    const detail =
      row['status'] === null
        ? `${lines}, and no such order.`
        : row['status'] === 'voided'
          ? `${lines}, and the order is voided.`
          : `${lines}; the order is of ${row['due']} cents.`;
    report({ code: 'lines_unbalanced', where: orderName(row), detail });
  }
}

async function contradictions(connection: DuckDBConnection, report: ReportDiscrepancy): Promise<void> {
  if (!(await some(connection, 'contradictions > 0'))) return;
  const detail = 'Its net, weekday, combination or customer number is not what its other columns say.';
  for (const row of await rowsOf(connection, sql.contradictions))
    report({ code: 'line_differs', where: orderName(row), detail });
}

/** Whether there is a segment file to look into: looking costs a pass over all lines. */
async function some(connection: DuckDBConnection, condition: string): Promise<boolean> {
  const found = await connection.runAndReadAll(`SELECT 1 FROM held_segment WHERE ${condition} LIMIT 1`);
  return found.currentRowCount > 0;
}

async function dates(connection: DuckDBConnection, report: ReportDiscrepancy): Promise<void> {
  for (const row of await rowsOf(connection, sql.dates)) {
    const detail = `Its orders are of ${row['order_cents']} cents, their lines of ${row['line_cents']} cents.`;
    report({ code: 'day_differs', where: `business date ${row['business_date']}`, detail });
  }
}

async function totals(connection: DuckDBConnection, report: ReportDiscrepancy): Promise<void> {
  const [row = {}] = await rowsOf(connection, sql.totals);
  const due = Number(row['loaded']) - Number(row['replaced']);
  if (due !== row['heads']) {
    const detail = `The ledger has ${row['loaded']} loaded and ${row['replaced']} replaced, which makes ${due} orders; the tables hold ${row['heads']}.`;
    report({ code: 'totals_differ', where: 'ledger and orders', detail });
  }
  for (const name of ['received', 'loaded', 'duplicates', 'superseded', 'quarantined']) {
    if (row[name] === row[`book_${name}`]) continue;
    const detail = `The ledger has ${row[name]} ${name}, the books have ${row[`book_${name}`]}.`;
    report({ code: 'totals_differ', where: 'ledger and books', detail });
  }
}

async function places(
  connection: DuckDBConnection,
  report: ReportDiscrepancy,
  part: { readonly part: number; readonly parts: number },
): Promise<void> {
  await connection.run(sql.resolved, { ...part });
  for (const row of await rowsOf(connection, sql.places)) {
    const detail = `It counts in ${row['market_state']} on ${row['business_date']}; resolved again, in ${row['right_state']} on ${row['right_date']}.`;
    report({ code: 'place_differs', where: orderName(row), detail });
  }
}
