import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import type { Row } from '../warehouse.ts';
import { toRows } from './rows.ts';

/** What a warehouse file that is not to be changed says it has loaded. */
export interface OldLedger {
  readonly segments: readonly { readonly sequence: number; readonly records: number }[];
  /** See `WarehouseStatus`. */
  readonly dataVersion: number;
  /** The rows of a table of reference data, as files of it have them. */
  reference(table: 'stores' | 'customers'): AsyncIterable<Row[]>;
  /** Lets others have the file again: until then no process can write to it. */
  close(): void;
}

/**
 * Reads the ledger of a warehouse file of any schema.
 *
 * @returns undefined when the file is missing or cannot be read
 * @throws Error when another process has it open
 */
export async function readLedger(path: string): Promise<OldLedger | undefined> {
  let instance: DuckDBInstance | undefined;
  try {
    instance = await DuckDBInstance.create(path, { access_mode: 'READ_ONLY' });
    const connection = await instance.connect();
    const ledger = await connection.runAndReadAll(
      'SELECT CAST(segment AS DOUBLE), CAST(records AS DOUBLE) FROM load_ledger',
    );
    const [sequences = [], records = []] = ledger.getColumnsJS() as [number[], number[]];
    const version = await connection.runAndReadAll('SELECT CAST(SUM(version) AS DOUBLE) FROM reference_version');
    return {
      segments: sequences.map((sequence, at) => ({ sequence, records: records[at] ?? 0 })),
      dataVersion: sequences.length + Number(version.getRows()[0]?.[0]),
      reference: (table) => rowsOf(connection, referenceSql[table]),
      close: () => {
        instance?.closeSync();
        instance = undefined;
      },
    };
  } catch (error) {
    instance?.closeSync();
    if (/lock/i.test(String(error)))
      throw new Error(`The warehouse ${path} is in use by another process.`, { cause: error });
    return undefined;
  }
}

/** Asked only of a warehouse that is older than the log of reference data, and so than the versions of its rows. */
const referenceSql = {
  stores: 'SELECT store_id, name, state, city, zip, time_zone, latitude, longitude, closeout_hour FROM store',
  customers: 'SELECT customer_id, home_state, home_city, home_zip FROM customer',
} as const;

async function* rowsOf(connection: DuckDBConnection, sql: string): AsyncGenerator<Row[]> {
  const result = await connection.stream(sql);
  const names = result.columnNames();
  for (;;) {
    const chunk = await result.fetchChunk();
    if (!chunk || chunk.rowCount === 0) return;
    yield toRows(names, chunk.getRows());
  }
}
