import { existsSync } from 'node:fs';
import { BIGINT, type DuckDBConnection, type DuckDBValue, LIST, listValue } from '@duckdb/node-api';
import type { BookProblemCode } from '../../contract/verification.ts';
import type { AuditedPlace, CompareOptions, ReportDiscrepancy } from '../audit.ts';
import type { Row } from '../warehouse.ts';
import { orderName, readPast } from './audit-tables.ts';
import { toRows } from './rows.ts';
import { sqlFile } from './sql-file.ts';
import { transaction } from './transaction.ts';

const sql = {
  arrived: sqlFile('arrived'),
  arrivedArchived: sqlFile('arrived-archived'),
  notCounting: sqlFile('verify-not-counting'),
  counting: sqlFile('verify-counting'),
  countingLines: sqlFile('verify-counting-lines'),
  differing: sqlFile('verify-differing'),
  orderRecords: sqlFile('verify-order-records'),
  orderContents: sqlFile('verify-order-contents'),
  lineContents: sqlFile('verify-line-contents'),
};

/** Reads the records of files into `arrived`, and says which of them count, in `counting` and `counting_line`. */
export async function readRecords(
  connection: DuckDBConnection,
  paths: readonly string[],
  place: AuditedPlace,
): Promise<void> {
  await connection.run(place === 'segments' ? sql.arrived : sql.arrivedArchived, { paths: listValue(paths) });
  for (const statement of [sql.notCounting, sql.counting, sql.countingLines]) await connection.run(statement);
}

interface Differing {
  readonly segment: number;
  readonly place: AuditedPlace;
  readonly isBest: boolean;
}

/** Looks record by record at the segment files whose sums are not those of the tables. */
export async function compareRecords(connection: DuckDBConnection, options: CompareOptions): Promise<void> {
  const { report, pathsOf, enough } = options;
  const all = (await connection.runAndReadAll(sql.differing)).getRows().map(
    ([segment, place, isBest]): Differing => ({
      segment: Number(segment),
      place: place as AuditedPlace,
      isBest: isBest === true,
    }),
  );
  const inBest = new Set(all.filter(({ isBest }) => isBest).map(({ segment }) => segment));
  for (const { segment, place, isBest } of all) {
    if (!isBest && inBest.has(segment)) continue;
    const where = `segment file ${segment}`;
    if (!isBest) {
      const detail = 'What the archive has of it is not what the segment file and the tables have.';
      report({ code: 'archive_damaged', where, detail });
    } else if (enough()) {
      report({ code: 'segment_differs', where, detail: 'The sums over its records are not those of the tables.' });
    } else if ((await lookInto(connection, segment, pathsOf(segment, place), place, report)) === 0) {
      const detail = 'The sums over its records were not those of the tables; rows or file are no longer there.';
      report({ code: 'segment_differs', where, detail });
    }
  }
}

/** In one transaction, because loads go on: what the files are held against are the tables of now. */
function lookInto(
  connection: DuckDBConnection,
  segment: number,
  paths: readonly string[],
  place: AuditedPlace,
  report: ReportDiscrepancy,
): Promise<number> {
  // The archive takes segment files over, and lets old batches go, while this runs.
  if (!paths.every((path) => existsSync(path))) return Promise.resolve(0);
  return transaction(connection, async () => {
    await readPast(connection, { first: segment, last: segment });
    await readRecords(connection, paths, place);
    await connection.run('DELETE FROM arrived WHERE segment <> $segment', { segment });
    let found = 0;
    const tell = (code: BookProblemCode, row: Row, detail: string): void => {
      found += 1;
      report({ code, where: orderName(row), detail });
    };
    for (const row of await rowsOfSegment(connection, sql.orderRecords, segment)) tell(...orderFault(row));
    for (const row of await rowsOfSegment(connection, sql.orderContents, segment))
      tell('order_differs', row, `Other than in the file: ${row['fields']}.`);
    for (const row of await rowsOfSegment(connection, sql.lineContents, segment)) tell(...lineFault(row));
    return found;
  });
}

function orderFault(row: Row): [BookProblemCode, Row, string] {
  const [filed, held] = [Number(row['filed']), Number(row['held'])];
  const [inFile, inTables] = [
    `In the file: ${row['filed_records'] ?? 'nothing'}`,
    `in the tables: ${row['held_records'] ?? 'nothing'}`,
  ];
  const detail = `${inFile}; ${inTables}.`;
  if (filed > held) return ['order_missing', row, detail];
  if (filed === held) return ['order_differs', row, detail];
  return [filed === 0 ? 'order_unfounded' : 'order_doubled', row, detail];
}

function lineFault(row: Row): [BookProblemCode, Row, string] {
  const copies = Number(row['copies']);
  if (row['is_filed'] !== true) return ['line_unfounded', row, 'The order in the file has no such line that counts.'];
  if (copies === 0) return ['line_missing', row, 'The file has it, the tables do not.'];
  if (copies > 1) return ['line_doubled', row, `The tables hold it ${copies} times.`];
  return ['line_differs', row, `Other than in the file: ${row['fields']}.`];
}

async function rowsOfSegment(connection: DuckDBConnection, statement: string, segment: number): Promise<Row[]> {
  const values: Record<string, DuckDBValue> = statement.includes('$segments')
    ? { segments: listValue([BigInt(segment)]) }
    : {};
  const types = statement.includes('$segments') ? { segments: LIST(BIGINT) } : {};
  const reader = await connection.runAndReadAll(statement, values, types);
  return toRows(reader.columnNames(), reader.getRows());
}
