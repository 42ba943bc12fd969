import { NdjsonFile } from './ndjson-file.ts';
import {
  keyOf,
  type ReadEnd,
  type ReferenceSource,
  type ReferenceTable,
  type RowFault,
  SourceError,
  type Watermark,
} from './source.ts';
import { SyncState } from './sync-state.ts';

/**
 * Where the rows go: every call takes one NDJSON file, as a whole or not at all, and may be given rows that it has
 * already. Records are `ReferenceRecord`s with their `position` in the file.
 */
export interface SyncTarget {
  upsertStores(path: string): Promise<void>;
  upsertCustomers(path: string): Promise<void>;
  /** Takes the menu as a whole: an item that is not in the file is gone. Without it, menu items are not read. */
  upsertMenuItems?(path: string): Promise<void>;
  /** Takes the keys that there are (`{"customer_id": "c-1"}` a line): whatever else came from this source is gone. */
  removeMissing?(table: ReferenceTable, keysPath: string): Promise<void>;
}

export interface SyncProgress {
  readonly table: ReferenceTable;
  readonly step: 'rows' | 'keys';
  readonly read: number;
}

export interface SyncOptions {
  readonly source: ReferenceSource;
  readonly target: SyncTarget;
  /** Folder for temporary files, which are removed. */
  readonly folder: string;
  /** File of the watermarks; made if it is not there. */
  readonly statePath: string;
  /** Read every row, whatever the watermark. */
  readonly whole?: boolean;
  /** Look for deletes: reads all keys, and hands them to `removeMissing`. */
  readonly reconcile?: boolean;
  readonly onProgress?: (progress: SyncProgress) => void;
  readonly signal?: AbortSignal;
}

/** What became of a table that was synchronised. */
export interface SyncedTable {
  readonly outcome: 'synced';
  readonly table: ReferenceTable;
  /** Rows read: those that are new or changed since the watermark, and those of the overlap. */
  readonly read: number;
  /** Of those, handed to the warehouse. */
  readonly changed: number;
  /** How many rows could not be taken, and the first thousand of them. */
  readonly faulty: number;
  readonly faults: readonly RowFault[];
  /** Keys compared to find deletes; null when they were not looked for. */
  readonly keys: number | null;
  readonly isWhole: boolean;
  readonly clockSkewMs: number | null;
  readonly seconds: number;
  readonly watermark: Watermark;
}

/** A table that stays as it was. `watermark` tells how old it is; null if it was never read. */
export interface FailedTable {
  readonly outcome: 'failed';
  readonly table: ReferenceTable;
  readonly error: Error;
  readonly seconds: number;
  readonly watermark: Watermark | null;
}

export interface SyncResult {
  readonly tables: readonly (SyncedTable | FailedTable)[];
}

const faultsMax = 1_000;

/**
 * Brings the tables of a source into the warehouse, one after the other, each wholly or not at all. A table that
 * fails does not keep the others from being tried, unless the source is out of reach.
 *
 * @throws only the reason of the signal, when it is aborted
 */
export async function sync(options: SyncOptions): Promise<SyncResult> {
  const { source, target, signal, statePath } = options;
  const state = await SyncState.open(statePath, source.name);
  const tables: (SyncedTable | FailedTable)[] = [];
  let outOfReach: Error | undefined;
  for (const table of source.tables) {
    if (table === 'menu_items' && !target.upsertMenuItems) continue;
    const start = performance.now();
    const seconds = () => Math.round(performance.now() - start) / 1000;
    try {
      if (outOfReach) throw outOfReach;
      const synced = await syncTable(options, table, state);
      tables.push({ ...synced, seconds: seconds() });
    } catch (error) {
      signal?.throwIfAborted();
      if (isOutOfReach(error)) outOfReach = error;
      const watermark = state.watermark(table);
      tables.push({ outcome: 'failed', table, error: error as Error, seconds: seconds(), watermark });
    }
  }
  return { tables };
}

function isOutOfReach(error: unknown): error is SourceError {
  return error instanceof SourceError && (error.kind === 'unavailable' || error.kind === 'refused');
}

async function syncTable(
  options: SyncOptions,
  table: ReferenceTable,
  state: SyncState,
): Promise<Omit<SyncedTable, 'seconds'>> {
  const { end, ...counts } = await takeRows(options, table, state.watermark(table));
  const { watermark, isWhole, clockSkewMs } = end;
  await state.advance(table, watermark);
  const keys = options.reconcile ? await takeKeys(options, table, watermark) : null;
  return { outcome: 'synced', table, ...counts, keys, isWhole, clockSkewMs, watermark };
}

interface TakenRows {
  readonly end: ReadEnd;
  readonly read: number;
  readonly changed: number;
  readonly faulty: number;
  readonly faults: readonly RowFault[];
}

async function takeRows(options: SyncOptions, table: ReferenceTable, since: Watermark | null): Promise<TakenRows> {
  const { source, folder, whole = false, signal, onProgress } = options;
  await using file = await NdjsonFile.create(folder);
  const faults: RowFault[] = [];
  let faulty = 0;
  let end: ReadEnd | undefined;
  for await (const event of source.read(table, since, { whole, signal })) {
    if (event.type === 'end') {
      end = event;
      continue;
    }
    const { lines } = file;
    await file.write(
      event.records.map((record, index) => ({ ...record, origin: source.origin, position: lines + index })),
    );
    faulty += event.faults.length;
    faults.push(...event.faults.slice(0, faultsMax - faults.length));
    onProgress?.({ table, step: 'rows', read: file.lines + faulty });
  }
  if (!end) throw new SourceError(`${source.name} did not give ${table} to the end.`, { kind: 'unavailable' });
  await file.finish();
  if (file.lines > 0) await upsert(options, table, file.path);
  return { end, read: file.lines + faulty, changed: file.lines, faulty, faults };
}

async function upsert({ target }: SyncOptions, table: ReferenceTable, path: string): Promise<void> {
  switch (table) {
    case 'stores':
      return target.upsertStores(path);
    case 'customers':
      return target.upsertCustomers(path);
    case 'menu_items':
      return target.upsertMenuItems?.(path);
  }
}

async function takeKeys(options: SyncOptions, table: ReferenceTable, since: Watermark): Promise<number | null> {
  const { source, target, folder, signal, onProgress } = options;
  if (!target.removeMissing) return null;
  await using file = await NdjsonFile.create(folder);
  for await (const keys of source.keys(table, since, { signal })) {
    await file.write(keys.map((key) => ({ [keyOf[table]]: key })));
    onProgress?.({ table, step: 'keys', read: file.lines });
  }
  await file.finish();
  if (file.lines === 0) {
    const message = `${source.name} has no ${table} at all. That is taken for a mistake there: none are removed here.`;
    throw new SourceError(message, { kind: 'shape' });
  }
  await target.removeMissing(table, file.path);
  return file.lines;
}
