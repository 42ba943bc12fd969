import { resolve } from 'node:path';
import {
  keyOf,
  type ReadEnd,
  type ReadOptions,
  type ReferenceBatch,
  type ReferenceRecord,
  type ReferenceSource,
  type ReferenceTable,
  type RowFault,
  SourceError,
  type Watermark,
} from '../source.ts';
import { toRecord } from './fields.ts';
import { findFile, hasChanged, type TableFile, tablesIn } from './find-file.ts';
import { type FileRow, openTable } from './open-table.ts';

export interface FileSourceOptions {
  /** With `stores.csv`, `customers.parquet`, `menu_items.ndjson` and so on: at most one file of a table. */
  readonly folder: string;
  /** Milliseconds since 1970; default the clock. */
  readonly now?: () => number;
}

/**
 * Stores, customers and menu items from CSV, NDJSON and Parquet files of a folder. A file is read whole when it has
 * changed, and not at all when it has not; what is known is as old as the file. Only a folder that cannot be looked
 * into is `unavailable`: trouble with one file does not keep the others from being read.
 */
export class FileSource implements ReferenceSource {
  readonly name: string;
  readonly origin = 'files';
  readonly #folder: string;
  readonly #now: () => number;

  constructor({ folder, now = Date.now }: FileSourceOptions) {
    this.#folder = resolve(folder);
    this.#now = now;
    this.name = `files in ${this.#folder}`;
  }

  /** Those that there are files of now. */
  get tables(): readonly ReferenceTable[] {
    return tablesIn(this.#folder);
  }

  async *read(
    table: ReferenceTable,
    since: Watermark | null,
    { whole = false, signal }: ReadOptions = {},
  ): AsyncGenerator<ReferenceBatch | ReadEnd> {
    const file = await findFile(this.#folder, table);
    if (!whole && since?.basis === file.watermark.basis) {
      yield { type: 'end', watermark: since, isWhole: false, clockSkewMs: null };
      return;
    }
    const now = new Date(this.#now()).toISOString();
    for await (const rows of rowsOf(file, table, signal)) yield toBatch(table, rows, now);
    yield { type: 'end', watermark: file.watermark, isWhole: true, clockSkewMs: null };
  }

  /**
   * A row whose key cannot be read would count as deleted: then there are no keys.
   *
   * @throws SourceError also when the file is no longer the one of the watermark
   */
  async *keys(
    table: ReferenceTable,
    since: Watermark | null,
    { signal }: ReadOptions = {},
  ): AsyncGenerator<readonly string[]> {
    const file = await findFile(this.#folder, table);
    if (since && since.basis !== file.watermark.basis) throw replaced(file);
    for await (const rows of rowsOf(file, table, signal)) {
      yield rows.flatMap(({ values, fault }) => {
        const key = values[keyOf[table]];
        if (key !== undefined) return [key];
        if (fault === null) return [];
        const message = `In ${file.path}, ${fault}: which ${table} are gone cannot be told, so none are removed.`;
        throw new SourceError(message, { kind: 'shape' });
      });
    }
  }
}

/** The rows of one state of a file; whatever is wrong, a change of it meanwhile is the reason named. */
async function* rowsOf(
  file: TableFile,
  table: ReferenceTable,
  signal: AbortSignal | undefined,
): AsyncGenerator<FileRow[]> {
  try {
    using opened = await openTable(file, table);
    yield* opened.rows(signal);
  } catch (error) {
    signal?.throwIfAborted();
    if (await hasChanged(file, table)) throw replaced(file, error);
    if (error instanceof SourceError) throw error;
    const [reason] = (error as Error).message.split('\n');
    throw new SourceError(`${file.path} cannot be read: ${reason}`, { kind: 'shape', cause: error });
  }
  if (await hasChanged(file, table)) throw replaced(file);
}

function replaced({ path }: TableFile, cause?: unknown): SourceError {
  return new SourceError(`${path} was changed or removed while it was read.`, { kind: 'shape', cause });
}

function toBatch(table: ReferenceTable, rows: readonly FileRow[], now: string): ReferenceBatch {
  const records: ReferenceRecord[] = [];
  const faults: RowFault[] = [];
  for (const { values, fault } of rows) {
    const made = fault === null ? toRecord(table, values, now) : { faults: [{ path: '', message: fault }] };
    if ('record' in made) records.push(made.record);
    else faults.push({ table, key: values[keyOf[table]] ?? null, faults: made.faults });
  }
  return { type: 'batch', records, faults };
}
