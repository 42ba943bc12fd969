import type { S3Client } from '@aws-sdk/client-s3';
import type { SegmentFile } from '../../contract/segment-file.ts';
import { Mutex } from '../../runtime/mutex.ts';
import type {
  ArchivedSegments,
  CensusImport,
  CompactionOptions,
  CompactionResult,
  LoadResult,
  ReferenceTable,
  Row,
  SqlParameters,
  Warehouse,
  WarehouseStatus,
  WriteStatement,
} from '../warehouse.ts';
import { replaceCensus } from './census.ts';
import { compact } from './compact.ts';
import type { DataApi } from './data-api.ts';
import { LargeRecords } from './large-records.ts';
import { type LoadTools, loadObjects } from './load-objects.ts';
import { ObjectStore } from './object-store.ts';
import { type LandedObject, sequenceObjects } from './sequence-objects.ts';
import { findMissing, replaceMenuItems, upsertCustomers, upsertStores } from './upsert-reference.ts';

export interface RedshiftOptions {
  readonly dataApi: DataApi;
  readonly s3: S3Client;
  /** The data bucket; staged rows lie below `staging/` in it. */
  readonly bucket: string;
  /** ARN of the role that Redshift reads staged rows with. */
  readonly copyRole: string;
}

const statusSql = `
  SELECT l.segments + v.version AS data_version, l.last_segment, l.visible_through
  FROM (
    SELECT COUNT(*) AS segments, COALESCE(MAX(segment), 0) AS last_segment, MAX(last_accepted_at) AS visible_through
    FROM load_ledger
  ) l
  CROSS JOIN (SELECT MAX(version) AS version FROM reference_version) v`;

/** The warehouse in Amazon Redshift. Segments are objects of S3: the `path` of each is its `s3://bucket/key`. */
export class RedshiftWarehouse implements Warehouse {
  readonly capabilities = { parquetExport: false };
  readonly #tools: LoadTools;
  readonly #largeRecords: LargeRecords;
  readonly #writing = new Mutex();
  #status: WarehouseStatus = { dataVersion: 0, lastSegment: 0, visibleThrough: null };

  private constructor(tools: LoadTools) {
    this.#tools = tools;
    this.#largeRecords = new LargeRecords(tools.dataApi, tools.objects);
  }

  /** Opens the warehouse, whose schema `migrate` has brought up to date, and reads its status. */
  static async open({ dataApi, s3, bucket, copyRole }: RedshiftOptions): Promise<RedshiftWarehouse> {
    const objects = new ObjectStore(s3);
    const staging = { objects, prefix: `s3://${bucket}/staging/`, copyRole };
    const warehouse = new RedshiftWarehouse({ dataApi, objects, staging });
    await warehouse.refreshStatus();
    return warehouse;
  }

  /** See `Warehouse`. Records in quarantine that no row has room for are read from their objects: see `LargeRecords`. */
  async query(sql: string, parameters: SqlParameters = {}, signal?: AbortSignal): Promise<Row[]> {
    return this.#largeRecords.complete(await this.#tools.dataApi.query(sql, parameters, signal), signal);
  }

  stream(sql: string, parameters: SqlParameters = {}, signal?: AbortSignal): AsyncIterable<Row[]> {
    return this.#tools.dataApi.stream(sql, parameters, signal);
  }

  async write(statements: readonly WriteStatement[]): Promise<void> {
    await this.#tools.dataApi.batch(statements);
  }

  /** @throws always: see `capabilities` */
  async exportParquet(): Promise<number> {
    throw new Error('Redshift writes Parquet to S3 only, so the rows of a query have to be written by its caller.');
  }

  /**
   * See `Warehouse`. Records are counted as they are read: `records` of a segment is not looked at, because nobody
   * knows it of an object that has just landed. An object without records has a ledger row too.
   *
   * @throws VanishedObjectError naming an object that is not there
   */
  load(segments: readonly SegmentFile[]): Promise<LoadResult> {
    return this.#writing.run(async () => {
      const known = await this.loaded(segments.map(({ sequence }) => sequence));
      const fresh = segments.filter(({ sequence }) => !known.has(sequence));
      if (fresh.length === 0) return { entries: [], dataVersion: this.#status.dataVersion, acceptedAtMs: [] };
      const { entries, acceptedAtMs } = await loadObjects(this.#tools, fresh);
      const { dataVersion } = await this.refreshStatus();
      return { entries, dataVersion, acceptedAtMs };
    });
  }

  /** @throws always: archived files lie on the machine that keeps them, and their orders come as objects instead */
  async loadArchived(_archived: ArchivedSegments): Promise<LoadResult> {
    throw new Error('Redshift loads objects of S3, not archived files of another machine.');
  }

  async loaded(sequences: readonly number[]): Promise<Set<number>> {
    if (sequences.length === 0) return new Set();
    const lowest = sequences.reduce((least, sequence) => Math.min(least, sequence));
    const rows = await this.query('SELECT segment FROM load_ledger WHERE segment >= $lowest', { lowest });
    const known = new Set(rows.map((row) => Number(row['segment'])));
    return new Set(sequences.filter((sequence) => known.has(sequence)));
  }

  /** Gives each landed object its sequence, exactly once; see `sequenceObjects`. */
  sequenceObjects(objects: readonly LandedObject[]): Promise<Map<string, number>> {
    return sequenceObjects(this.#tools.dataApi, objects);
  }

  upsertStores(path: string): Promise<void> {
    return this.#change(() => upsertStores(this.#tools, path));
  }

  upsertCustomers(path: string): Promise<void> {
    return this.#change(() => upsertCustomers(this.#tools, path));
  }

  replaceMenuItems(path: string): Promise<void> {
    return this.#change(() => replaceMenuItems(this.#tools, path));
  }

  findMissing(table: ReferenceTable, path: string, origin: string): Promise<string[]> {
    return findMissing(this.#tools, table, path, origin);
  }

  replaceCensus(tables: CensusImport): Promise<number> {
    return this.#change(() => replaceCensus(this.#tools, tables));
  }

  compact(options: CompactionOptions): Promise<CompactionResult> {
    return compact(this.#tools.dataApi, options);
  }

  /** As of the last load or change through this object, or the last `refreshStatus`: other processes write too. */
  status(): WarehouseStatus {
    return this.#status;
  }

  /** Reads the status, which other processes may have changed. */
  async refreshStatus(): Promise<WarehouseStatus> {
    const [row] = await this.query(statusSql);
    this.#status = {
      dataVersion: Number(row?.['data_version']),
      lastSegment: Number(row?.['last_segment']),
      visibleThrough: row?.['visible_through'] ? String(row['visible_through']) : null,
    };
    return this.#status;
  }

  /** Waits for what is being written. There is no connection to end. */
  async close(): Promise<void> {
    await this.#writing.run(async () => undefined);
  }

  #change<T>(task: () => Promise<T>): Promise<T> {
    return this.#writing.run(async () => {
      const result = await task();
      await this.refreshStatus();
      return result;
    });
  }
}
