import { BIGINT, type DuckDBConnection, LIST, listValue } from '@duckdb/node-api';
import type { AuditedPlace, BooksAudit, Compared, CompareOptions, GoneSegment, ReportDiscrepancy } from '../audit.ts';
import { compareBooks, compareLedger, compareQuarantine } from './audit-compare.ts';
import { compareRecords, readRecords } from './audit-records.ts';
import { readTables } from './audit-tables.ts';
import { sqlFile } from './sql-file.ts';

const sql = {
  addSegments: sqlFile('verify-add-segments'),
  addRecords: sqlFile('verify-add-records').split(';\n'),
  best: sqlFile('verify-best'),
  gone: sqlFile('verify-gone'),
};

const interruptEveryMs = 20;

/** Audits the warehouse on a connection of its own; what it remembers are temporary tables, which spill to disk. */
export class DuckdbAudit implements BooksAudit {
  readonly #connection: DuckDBConnection;
  readonly #signal: AbortSignal;
  #interrupting: NodeJS.Timeout | undefined;

  constructor(connection: DuckDBConnection, signal: AbortSignal) {
    this.#connection = connection;
    this.#signal = signal;
    signal.addEventListener('abort', this.#interrupt);
  }

  readTables(report: ReportDiscrepancy, onStep: (done: number, total: number) => void): Promise<void> {
    this.#signal.throwIfAborted();
    return readTables(this.#connection, report, onStep);
  }

  async loaded(sequences: readonly number[]): Promise<Set<number>> {
    const reader = await this.#connection.runAndReadAll(
      'SELECT segment FROM held_ledger WHERE segment IN (SELECT unnest($sequences))',
      { sequences: listValue(sequences.map(BigInt)) },
      { sequences: LIST(BIGINT) },
    );
    return new Set(reader.getRows().map(([segment]) => Number(segment)));
  }

  addSegments(paths: readonly string[]): Promise<void> {
    return this.#add(paths, 'segments');
  }

  async addArchived(paths: readonly string[]): Promise<Map<number, number>> {
    await this.#add(paths, 'archive');
    const counted = 'SELECT segment, COUNT(*) FROM arrived GROUP BY segment';
    const rows = (await this.#connection.runAndReadAll(counted)).getRows();
    return new Map(rows.map(([segment, records]) => [Number(segment), Number(records)]));
  }

  async gone(): Promise<GoneSegment[]> {
    await this.#connection.run(sql.best);
    const rows = (await this.#connection.runAndReadAll(sql.gone)).getRows();
    return rows.map(([segment, records, beforeBooks]) => ({
      segment: Number(segment),
      records: Number(records),
      beforeBooks: beforeBooks === true,
    }));
  }

  async compare(options: CompareOptions): Promise<Compared> {
    const { report, onStep } = options;
    this.#signal.throwIfAborted();
    const unproven = (await this.gone()).length > 0;
    await compareLedger(this.#connection, report);
    onStep(1, 4);
    const books = await compareBooks(this.#connection, report, unproven);
    onStep(2, 4);
    const removedFromQuarantine = await compareQuarantine(this.#connection, report, unproven);
    onStep(3, 4);
    await compareRecords(this.#connection, options);
    onStep(4, 4);
    return { books, removedFromQuarantine };
  }

  close(): void {
    this.#signal.removeEventListener('abort', this.#interrupt);
    clearInterval(this.#interrupting);
    this.#connection.closeSync();
  }

  async #add(paths: readonly string[], place: AuditedPlace): Promise<void> {
    this.#signal.throwIfAborted();
    await readRecords(this.#connection, paths, place);
    await this.#connection.run(sql.addSegments, { place });
    for (const statement of sql.addRecords) await this.#connection.run(statement, { place });
  }

  // Again and again, because an interrupt that meets no running statement is forgotten.
  readonly #interrupt = (): void => {
    this.#interrupting = setInterval(() => this.#connection.interrupt(), interruptEveryMs);
    this.#connection.interrupt();
  };
}
