import { mkdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname } from 'node:path';
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import type { SegmentFile } from '../../contract/segment-file.ts';
import { Mutex } from '../../runtime/mutex.ts';
import { KeyFilter } from '../key-filter.ts';
import type {
  CompactionOptions,
  CompactionResult,
  LoadResult,
  Row,
  SqlParameters,
  Warehouse,
  WarehouseStatus,
} from '../warehouse.ts';
import { compact } from './compact.ts';
import { bookKey, loadSegments, type Memory } from './load-segments.ts';
import { openDatabase } from './open-database.ts';
import { Readers } from './readers.ts';
import { toRows } from './rows.ts';
import { transaction } from './transaction.ts';
import { upsertCustomers, upsertStores } from './upsert-reference.ts';

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
export class DuckdbWarehouse implements Warehouse {
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

  exportParquet(sql: string, parameters: SqlParameters, path: string): Promise<number> {
    const target = path.replaceAll("'", "''");
    return this.#readers.use(async (connection) => {
      const copied = await connection.runAndReadAll(`COPY (${sql}) TO '${target}' (FORMAT parquet)`, { ...parameters });
      return Number(copied.getRows()[0]?.[0]);
    });
  }

  load(segments: readonly SegmentFile[]): Promise<LoadResult> {
    return this.#writing.run(async () => {
      const known = await this.loaded(segments.map((file) => file.sequence));
      const fresh = segments.filter((file) => !known.has(file.sequence) && file.records > 0);
      if (fresh.length === 0) return { entries: [], dataVersion: this.#status.dataVersion, acceptedAtMs: [] };
      const loadedAt = new Date().toISOString();
      const loaded = await transaction(this.#writer, () => loadSegments(this.#writer, this.#memory, fresh, loadedAt));
      loaded.remember();
      this.#status = advance(this.#status, fresh, loaded.acceptedAtMs);
      return { entries: loaded.entries, dataVersion: this.#status.dataVersion, acceptedAtMs: loaded.acceptedAtMs };
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

  compact(options: CompactionOptions): Promise<CompactionResult> {
    const exclusively = <T>(task: () => Promise<T>): Promise<T> => this.#writing.run(task);
    return compact({ connection: this.#writer, exclusively }, options);
  }

  status(): WarehouseStatus {
    return this.#status;
  }

  async close(): Promise<void> {
    await this.#writing.run(async () => {
      await this.#writer.run('CHECKPOINT').catch(() => undefined);
      this.#writer.closeSync();
    });
    this.#readers.close();
    this.#instance.closeSync();
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
  segments: readonly SegmentFile[],
  acceptedAtMs: readonly number[],
): WarehouseStatus {
  const newest = acceptedAtMs.reduce(
    (latest, at) => Math.max(latest, at),
    Date.parse(status.visibleThrough ?? '1970-01-01'),
  );
  return {
    dataVersion: status.dataVersion + segments.length,
    lastSegment: segments.reduce((last, file) => Math.max(last, file.sequence), status.lastSegment),
    visibleThrough: new Date(newest).toISOString(),
  };
}
