import type { DuckDBConnection } from '@duckdb/node-api';
import type { BookProblemCode } from '../../contract/verification.ts';
import type { AuditedBook, ReportDiscrepancy } from '../audit.ts';
import type { Row } from '../warehouse.ts';
import { rowsOf } from './audit-tables.ts';
import { sqlFile } from './sql-file.ts';

const sql = {
  ledger: sqlFile('verify-ledger'),
  books: sqlFile('verify-books'),
  quarantine: sqlFile('verify-quarantine'),
};

const parts = ['loaded', 'duplicates', 'superseded', 'quarantined'] as const;

/** Reports rows of the ledger that are doubled, do not add up, or differ from files or tables. */
export async function compareLedger(connection: DuckDBConnection, report: ReportDiscrepancy): Promise<void> {
  const doubled = 'SELECT segment, copies FROM held_ledger WHERE copies > 1 ORDER BY segment';
  for (const row of await rowsOf(connection, doubled)) {
    const detail = `The ledger has it ${row['copies']} times.`;
    report({ code: 'ledger_doubled', where: `segment file ${row['segment']}`, detail });
  }
  const unbalanced = `SELECT * EXCLUDE (first_day) FROM held_ledger
    WHERE records <> loaded + duplicates + superseded + quarantined + dropped ORDER BY segment`;
  for (const row of await rowsOf(connection, unbalanced)) {
    const detail = `It says ${row['records']} records: ${listed(row, [...parts, 'dropped'])}.`;
    report({ code: 'ledger_unbalanced', where: `segment file ${row['segment']}`, detail });
  }
  for (const row of await rowsOf(connection, sql.ledger)) {
    const names = ['records', ...parts, 'dropped'].filter((name) => row[`found_${name}`] !== null);
    const wrong = names.filter((name) => row[name] !== row[`found_${name}`]);
    const side = row['side'] === 'tables' ? 'the tables hold' : `the file in ${row['side']} has`;
    const found = wrong.map((name) => `${row[`found_${name}`]} ${name}`).join(', ');
    const detail = `The ledger says ${listed(row, wrong)}; ${side} ${found}.`;
    report({ code: 'ledger_differs', where: `segment file ${row['segment']}`, detail });
  }
  const unknown = `SELECT segment, CAST(loaded + duplicates + superseded AS BIGINT) AS records FROM held_segment h
    WHERE NOT EXISTS (SELECT 1 FROM held_ledger l WHERE l.segment = h.segment) ORDER BY segment`;
  for (const row of await rowsOf(connection, unknown)) {
    const detail = `The tables hold ${row['records']} records of it.`;
    report({ code: 'ledger_missing', where: `segment file ${row['segment']}`, detail });
  }
}

/** Reports books that are not what files and tables say. `unproven`: rejects cannot all be counted again. */
export async function compareBooks(
  connection: DuckDBConnection,
  report: ReportDiscrepancy,
  unproven: boolean,
): Promise<AuditedBook[]> {
  const rows = await rowsOf(connection, sql.books);
  for (const row of rows) {
    const detail = bookFault(row, unproven);
    if (detail) report({ code: 'book_differs', where: `book of ${row['day']}, source ${row['source']}`, detail });
  }
  return rows.map(bookOf).filter((book) => book.received > 0);
}

function bookFault(row: Row, unproven: boolean): string | undefined {
  const right: Row = { ...row };
  for (const name of ['loaded', 'duplicates', 'superseded'] as const) right[name] = row[`right_${name}`];
  const [quarantined, recounted] = [Number(row['quarantined']), Number(row['right_quarantined'])];
  // Of files that are gone nobody knows who sent the rejects: the sum over all books still has to be right.
  right['quarantined'] = unproven && quarantined > recounted ? quarantined : recounted;
  const sum = parts.reduce((total, name) => total + Number(right[name]), 0);
  right['received'] = unproven ? sum : row['right_received'];
  if (row['books'] === 0 && sum > 0) return `There is none; it should say ${listed(right, ['received', ...parts])}.`;
  if (Number(row['books']) > 1) return `There are ${row['books']} of them.`;
  const wrong = ['received', ...parts].filter((name) => row[name] !== right[name]);
  if (wrong.length === 0) return undefined;
  return `It says ${listed(row, wrong)}; files and tables say ${listed(right, wrong)}.`;
}

function bookOf(row: Row): AuditedBook {
  const number = (name: string): number => Number(row[name]);
  return {
    day: String(row['day']),
    source: String(row['source']),
    received: number('received') + number('in_flight'),
    loaded: number('loaded'),
    duplicates: number('duplicates'),
    superseded: number('superseded'),
    quarantined: number('quarantined'),
    in_flight: number('in_flight'),
  };
}

/**
 * Reports what is in quarantine and should not be, or the other way round, or otherwise than it came.
 *
 * @returns how many records have left quarantine and are no longer kept
 */
export async function compareQuarantine(
  connection: DuckDBConnection,
  report: ReportDiscrepancy,
  unproven: boolean,
): Promise<number> {
  let removed = 0;
  for (const row of await rowsOf(connection, sql.quarantine, { all_known: !unproven })) {
    if (row['problem'] === 'removed') {
      removed += 1;
      continue;
    }
    const where = `segment file ${row['segment']}, quarantined record ${row['quarantine_id']}`;
    report({ code: row['problem'] as BookProblemCode, where, detail: quarantineDetail(row) });
  }
  return removed;
}

function quarantineDetail(row: Row): string {
  if (row['problem'] === 'quarantine_missing')
    return `It came ${row['right_arrivals']} times and is not in quarantine.`;
  if (row['problem'] === 'quarantine_doubled') return `Quarantine has it ${row['copies']} times.`;
  if (row['problem'] === 'quarantine_unfounded') return 'The file has no such record.';
  const [said, right] = [
    [`${row['arrivals']} arrivals`, row['status']],
    [`${row['right_arrivals']}`, row['right_status']],
  ];
  return `Quarantine says ${said.join(', ')}; the files say ${right.join(', ')}, or other bytes, source, code or time.`;
}

function listed(row: Row, names: readonly string[]): string {
  return names.map((name) => `${row[name]} ${name}`).join(', ');
}
