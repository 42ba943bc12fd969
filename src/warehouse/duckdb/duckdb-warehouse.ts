import { mkdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname } from 'node:path';
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import type { SegmentFile } from '../../contract/segment-file.ts';
import { Mutex } from '../../runtime/mutex.ts';
import type { AuditableWarehouse, BooksAudit } from '../audit.ts';
import { KeyFilter } from '../key-filter.ts';
import type {
  ArchivedSegments,
  CensusImport,
  CompactionOptions,
  CompactionResult,
  LoadResult,
  ReferenceTable,
  Row,
  SealedSegment,
  SqlParameters,
  Warehouse,
  WarehouseStatus,
  WriteStatement,
} from '../warehouse.ts';
import type { Arrived } from './arrived.ts';
import { replaceCensus } from './census.ts';
import { compact } from './compact.ts';
import { DuckdbAudit } from './duckdb-audit.ts';
import { explainFailure } from './explain-failure.ts';
import {
  bookKey,
  type Incoming,
  type LoadedSegments,
  loadRecords,
  loadSegments,
  type Memory,
  readRecords,
} from './load-segments.ts';
import { openDatabase } from './open-database.ts';
import { Readers } from './readers.ts';
import { toRows } from './rows.ts';
import { transaction } from './transaction.ts';
import { findMissing, replaceMenuItems, upsertCustomers, upsertStores } from './upsert-reference.ts';

export interface DuckdbOptions {
  /** Path of the database file. */
  readonly path: string;
  /** The only folder that SQL may read and write: segment files, reference files and exports lie below it. */
  readonly folder: string;
  readonly memoryLimitMb: number;
}

const readersAtOnce = 4;
const readersWaitingMax = 256;

/** The warehouse on one machine: one DuckDB file, one writer, several readers that never wait for it. */
export class DuckdbWarehouse implements Warehouse, AuditableWarehouse {
  readonly capabilities = { parquetExport: true };
  readonly #instance: DuckDBInstance;
  readonly #writer: DuckDBConnection;
  readonly #readers: Readers;
  readonly #writing = new Mutex();
  readonly #memory: Memory;
  #status: WarehouseStatus;

  private constructor(instance: DuckDBInstance, writer: DuckDBConnection, memory: Memory, status: WarehouseStatus) {
    this.#instance = instance;
    this.#writer = writer;
    this.#readers = new Readers(instance, readersAtOnce, readersWaitingMax);
    this.#memory = memory;
    this.#status = status;
  }

  /** Opens or creates the warehouse and reads what it keeps in memory. */
  static async open({ path, folder, memoryLimitMb }: DuckdbOptions): Promise<DuckdbWarehouse> {
    mkdirSync(dirname(path), { recursive: true });
    const instance = await openDatabase({ path, folder, memoryLimitMb, threads: availableParallelism() });
    const writer = await instance.connect();
    const memory = { keys: await readKeys(writer), books: await readBooks(writer) };
    return new DuckdbWarehouse(instance, writer, memory, await readStatus(writer));
  }

  query(sql: string, parameters: SqlParameters = {}, signal?: AbortSignal): Promise<Row[]> {
    return this.#readers.use(async (connection) => {
      const reader = await connection.runAndReadAll(sql, { ...parameters });
      return toRows(reader.columnNames(), reader.getRows());
    }, signal);
  }

  async *stream(sql: string, parameters: SqlParameters = {}, signal?: AbortSignal): AsyncGenerator<Row[]> {
    const connection = await this.#readers.take();
    try {
      const result = await connection.stream(sql, { ...parameters });
      const names = result.columnNames();
      for (;;) {
        signal?.throwIfAborted();
        const chunk = await result.fetchChunk();
        if (!chunk || chunk.rowCount === 0) return;
        yield toRows(names, chunk.getRows());
      }
    } finally {
      this.#readers.give(connection);
    }
  }

  write(statements: readonly WriteStatement[]): Promise<void> {
    return this.#writing.run(() =>
      transaction(this.#writer, async () => {
        for (const { sql, parameters } of statements) await this.#writer.run(sql, { ...parameters });
      }),
    );
  }

  exportParquet(sql: string, parameters: SqlParameters, path: string): Promise<number> {
    const target = path.replaceAll("'", "''");
    return this.#readers.use(async (connection) => {
      const copied = await connection.runAndReadAll(`COPY (${sql}) TO '${target}' (FORMAT parquet)`, { ...parameters });
      return Number(copied.getRows()[0]?.[0]);
    });
  }

  async load(segments: readonly SegmentFile[]): Promise<LoadResult> {
    return this.#writing.run(async () => {
      const known = await this.loaded(segments.map((segment) => segment.sequence));
      const fresh = segments.filter((segment) => !known.has(segment.sequence) && segment.records > 0);
      if (fresh.length === 0) return { entries: [], dataVersion: this.#status.dataVersion, acceptedAtMs: [] };
      const incoming: Incoming = { segments: fresh, paths: fresh.map((file) => file.path), format: 'json' };
      const loadedAt = new Date().toISOString();
      const loaded = await loadSegments(this.#writer, this.#memory, incoming, loadedAt).catch((error: unknown) =>
        explainFailure(this.#writer, this.#memory, incoming, error),
      );
      return this.#count(fresh, loaded);
    });
  }

  async loadArchived({ segments, paths }: ArchivedSegments): Promise<LoadResult> {
    const reading = this.#readArchived({ segments, paths, format: 'parquet' });
    // Whoever waits for the load below is told.
    reading.catch(() => undefined);
    return this.#writing.run(async () => {
      const { connection, arrived } = await reading;
      try {
        const known = await this.loaded(segments.map((segment) => segment.sequence));
        if (known.size > 0) throw new Error('Some of these archived segments are loaded already.');
        const read = { segments, arrived };
        return this.#count(segments, await loadRecords(connection, this.#memory, read, new Date().toISOString()));
      } finally {
        connection.closeSync();
      }
    });
  }

  async loaded(sequences: readonly number[]): Promise<Set<number>> {
    if (sequences.every((sequence) => sequence > this.#status.lastSegment)) return new Set();
    const lowest = sequences.reduce((least, sequence) => Math.min(least, sequence), Number.MAX_SAFE_INTEGER);
    const rows = await this.query('SELECT segment FROM load_ledger WHERE segment >= $lowest', { lowest });
    const known = new Set(rows.map((row) => Number(row['segment'])));
    return new Set(sequences.filter((sequence) => known.has(sequence)));
  }

  upsertStores(path: string): Promise<void> {
    return this.#upsert(() => upsertStores(this.#writer, path));
  }

  upsertCustomers(path: string): Promise<void> {
    return this.#upsert(() => upsertCustomers(this.#writer, path));
  }

  replaceMenuItems(path: string): Promise<void> {
    return this.#upsert(() => replaceMenuItems(this.#writer, path));
  }

  findMissing(table: ReferenceTable, path: string, origin: string): Promise<string[]> {
    return this.#readers.use((connection) => findMissing(connection, table, path, origin));
  }

  async replaceCensus(tables: CensusImport): Promise<number> {
    let rows = 0;
    await this.#upsert(async () => {
      rows = await replaceCensus(this.#writer, tables);
    });
    return rows;
  }

  compact(options: CompactionOptions): Promise<CompactionResult> {
    const exclusively = <T>(task: () => Promise<T>): Promise<T> => this.#writing.run(task);
    return compact({ connection: this.#writer, exclusively }, options);
  }

  status(): WarehouseStatus {
    return this.#status;
  }

  async audit(signal: AbortSignal): Promise<BooksAudit> {
    return new DuckdbAudit(await this.#instance.connect(), signal);
  }

  async close(): Promise<void> {
    await this.#writing.run(async () => {
      await this.#writer.run('CHECKPOINT').catch(() => undefined);
      this.#writer.closeSync();
    });
    this.#readers.close();
    this.#instance.closeSync();
  }

  /** On a connection of its own, so that it goes on while the load before it writes. */
  async #readArchived(incoming: Incoming): Promise<{ connection: DuckDBConnection; arrived: Arrived }> {
    const connection = await this.#instance.connect();
    try {
      return { connection, arrived: await readRecords(connection, incoming) };
    } catch (error) {
      connection.closeSync();
      throw error;
    }
  }

  #count(segments: readonly SealedSegment[], { entries, acceptedAtMs, lastAcceptedAtMs }: LoadedSegments): LoadResult {
    this.#status = advance(this.#status, segments, lastAcceptedAtMs);
    return { entries, dataVersion: this.#status.dataVersion, acceptedAtMs };
  }

  #upsert(task: () => Promise<void>): Promise<void> {
    return this.#writing.run(async () => {
      await transaction(this.#writer, task);
      this.#status = { ...this.#status, dataVersion: this.#status.dataVersion + 1 };
    });
  }
}

async function readKeys(connection: DuckDBConnection): Promise<KeyFilter> {
  const count = await connection.runAndReadAll('SELECT COUNT(*) FROM order_head');
  const filter = new KeyFilter(Number(count.getRows()[0]?.[0]));
  const result = await connection.stream(`
    SELECT CAST(order_key >> 32 AS INTEGER) AS high, CAST((order_key & 4294967295) - 2147483648 AS INTEGER) AS low
    FROM order_head`);
  for (;;) {
    const chunk = await result.fetchChunk();
    if (!chunk || chunk.rowCount === 0) return filter;
    const [high = [], low = []] = chunk.getColumns() as [number[], number[]];
    high.forEach((half, index) => {
      filter.add(half, low[index] ?? 0);
    });
  }
}

async function readBooks(connection: DuckDBConnection): Promise<Set<string>> {
  const reader = await connection.runAndReadAll('SELECT CAST(day AS VARCHAR), source FROM book');
  return new Set(reader.getRows().map(([day, source]) => bookKey({ day: String(day), source: String(source) })));
}

async function readStatus(connection: DuckDBConnection): Promise<WarehouseStatus> {
  const reader = await connection.runAndReadAll(`
    SELECT COUNT(*) + (SELECT version FROM reference_version) AS "dataVersion",
      COALESCE(MAX(segment), 0) AS "lastSegment", MAX(last_accepted_at) AS "visibleThrough"
    FROM load_ledger`);
  const row = toRows(reader.columnNames(), reader.getRows())[0] ?? {};
  return row as unknown as WarehouseStatus;
}

function advance(
  status: WarehouseStatus,
  segments: readonly SealedSegment[],
  lastAcceptedAtMs: number,
): WarehouseStatus {
  const newest = Math.max(Date.parse(status.visibleThrough ?? '1970-01-01'), lastAcceptedAtMs);
  return {
    dataVersion: status.dataVersion + segments.length,
    lastSegment: segments.reduce((last, file) => Math.max(last, file.sequence), status.lastSegment),
    visibleThrough: new Date(newest).toISOString(),
  };
}
