import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type DuckDBAppender,
  type DuckDBConnection,
  DuckDBDataChunk,
  DuckDBInstance,
  type DuckDBType,
  INTEGER,
  VARCHAR,
} from '@duckdb/node-api';
import type { Table } from './table.ts';

const chunkRows = 2048;

/** A row on its way into its staged table. */
export interface StagedRow {
  /** Id of the row whose list it is an element of. */
  readonly parent: number | null;
  /** Index of the source within the table. */
  readonly file: number;
  readonly row: number;
  /** Number of the element within that list, from 1. */
  readonly item: number | null;
  readonly fault: string | null;
  readonly raw: string;
}

/** A private DuckDB in memory that puts aside on disk what does not fit; close it to take the folder away. */
export interface Staging {
  readonly connection: DuckDBConnection;
  /** A second connection, for small questions while a long answer streams from the first. */
  readonly side: DuckDBConnection;
  /** Creates the table; the writer must be closed before the table is read. */
  write(table: Table): Promise<TableWriter>;
  close(): Promise<void>;
}

/** @throws Error when the temporary folder cannot be made */
export async function openStaging(): Promise<Staging> {
  const folder = await mkdtemp(join(tmpdir(), 'slicehouse-import-'));
  const instance = await DuckDBInstance.create(':memory:', {
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    memory_limit: '512MB',
    temp_directory: folder,
  });
  const [connection, side] = [await instance.connect(), await instance.connect()];
  await connection.run("SET TimeZone = 'UTC'");
  return {
    connection,
    side,
    async write(table) {
      const cells = table.wanted.map((_, index) => `c${index} VARCHAR`);
      const numbers = ['id', 'parent', 'file', 'row', 'item'].map((name) => `${name} INTEGER`);
      await connection.run(
        `CREATE TABLE ${table.sql} (${[...numbers, 'fault VARCHAR', 'raw VARCHAR', ...cells].join(', ')})`,
      );
      return new TableWriter(await connection.createAppender(table.sql), table.wanted.length);
    },
    async close() {
      connection.closeSync();
      side.closeSync();
      instance.closeSync();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Appends rows to a staged table; ids run from 0 in the order of appending. */
export class TableWriter {
  readonly #appender: DuckDBAppender;
  readonly #types: DuckDBType[];
  #columns: (string | number | null)[][] = [];
  #buffered = 0;
  #next = 0;

  constructor(appender: DuckDBAppender, cells: number) {
    this.#appender = appender;
    this.#types = [INTEGER, INTEGER, INTEGER, INTEGER, INTEGER, ...Array.from({ length: cells + 2 }, () => VARCHAR)];
    this.#columns = this.#types.map(() => []);
  }

  /** Appends a row with its cells and returns its id. */
  append({ parent, file, row, item, fault, raw }: StagedRow, cells: readonly (string | null)[]): number {
    const id = this.#next;
    this.#next += 1;
    const columns = this.#columns;
    for (const [index, value] of [id, parent, file, row, item, fault, raw].entries()) columns[index]?.push(value);
    for (let index = 0; index < cells.length; index++) columns[index + 7]?.push(cells[index] ?? null);
    this.#buffered += 1;
    if (this.#buffered === chunkRows) this.#flush();
    return id;
  }

  close(): void {
    this.#flush();
    this.#appender.closeSync();
  }

  #flush(): void {
    if (this.#buffered === 0) return;
    const chunk = DuckDBDataChunk.create(this.#types, this.#buffered);
    chunk.setColumns(this.#columns);
    this.#appender.appendDataChunk(chunk);
    this.#columns = this.#types.map(() => []);
    this.#buffered = 0;
  }
}
