import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ReferenceSink } from '../sources/reference-sink.ts';
import { keyOf, type ReferenceSource } from '../sources/source.ts';
import { type FailedTable, type SyncedTable, sync } from '../sources/sync.ts';
import type { ReferenceTable, Warehouse } from '../warehouse/warehouse.ts';
import type { RefreshStep } from './refresh.ts';
import type { EndedPart } from './run-ledger.ts';

export interface SourceStepOptions {
  /** Undefined when none is configured: reference data then comes by `PUT /v1/reference/…` alone. */
  readonly source: ReferenceSource | undefined;
  readonly warehouse: Warehouse;
  /** Keeps what it gives to the warehouse, so that the warehouse can be made anew. */
  readonly sink: ReferenceSink;
  /** For temporary files. */
  readonly folder: string;
  /** Where the watermarks are kept. */
  readonly statePath: string;
  readonly now: () => number;
}

/**
 * Brings stores, customers and the menu from where they are kept. A table that cannot be read stays as it was and
 * fails the step, which says how old it is.
 */
export function sourceStep(options: SourceStepOptions): RefreshStep {
  const { source, warehouse, sink, folder, statePath } = options;
  return {
    name: 'sources',
    async run({ signal, progress, part }) {
      if (!source) return { rows: null, skipped: true, detail: 'No source is configured.' };
      let removed = 0;
      const startedAtMs = options.now();
      const { tables } = await sync({
        source,
        folder,
        statePath,
        signal,
        reconcile: true,
        target: {
          upsertStores: (path) => sink.upsertStores(path),
          upsertCustomers: (path) => sink.upsertCustomers(path),
          upsertMenuItems: (path) => warehouse.replaceMenuItems(path),
          removeMissing: async (table, path) => {
            if (table !== 'menu_items') removed += await closeMissing(options, table, path, source.origin);
          },
        },
        onProgress: ({ read }) => progress(read, 0),
      });
      for (const ended of partsOf(tables, startedAtMs)) await part(ended);
      const failed = tables.filter((table) => table.outcome === 'failed');
      if (failed.length > 0) throw new Error(failed.map(sayFailed).join(' '));
      const synced = tables.filter((table) => table.outcome === 'synced');
      const rows = synced.reduce((sum, { changed }) => sum + changed, 0);
      return { rows, detail: [...synced.map(saySynced), ...(removed > 0 ? [`${removed} gone`] : [])].join('; ') };
    },
  };

  /** Ends what the source no longer has: orders from before keep the place they had. */
  async function closeMissing(
    { now }: SourceStepOptions,
    table: ReferenceTable,
    keysPath: string,
    origin: string,
  ): Promise<number> {
    const missing = await warehouse.findMissing(table, keysPath, origin);
    if (missing.length === 0) return 0;
    const path = join(folder, `gone-${table}.ndjson`);
    const changed_at = new Date(now()).toISOString();
    const lines = missing.map((id, position) =>
      JSON.stringify({ [keyOf[table]]: id, gone: true, changed_at, origin, position }),
    );
    try {
      await writeFile(path, lines.join('\n'));
      await (table === 'stores' ? sink.upsertStores(path) : sink.upsertCustomers(path));
    } finally {
      await rm(path, { force: true });
    }
    return missing.length;
  }
}

/** Tables are read one after the other. */
function partsOf(tables: readonly (SyncedTable | FailedTable)[], startedAtMs: number): EndedPart[] {
  let finishedAtMs = startedAtMs;
  return tables.map((table) => {
    const began = finishedAtMs;
    finishedAtMs += table.seconds * 1000;
    const times = { part: table.table, startedAtMs: began, finishedAtMs };
    if (table.outcome === 'failed') return { ...times, status: 'failed', rows: null, detail: sayFailed(table) };
    return { ...times, status: 'done', rows: table.changed, detail: sayFaulty(table) };
  });
}

function saySynced(synced: SyncedTable): string {
  const faulty = sayFaulty(synced);
  return `${synced.table}: ${synced.changed} read${faulty ? `, ${faulty}` : ''}`;
}

/** How many rows were left out and why the first was; null when none was. */
function sayFaulty({ faulty, faults: [first] }: SyncedTable): string | null {
  if (faulty === 0) return null;
  const reason = first ? ` (${first.key ?? 'a row without a key'}: ${first.faults[0]?.message})` : '';
  return `${faulty} could not be taken${reason}`;
}

function sayFailed({ table, error, watermark }: FailedTable): string {
  const age = watermark
    ? `What is known of ${table} is of ${watermark.through.slice(0, 16).replace('T', ' ')} UTC.`
    : `Nothing is known of ${table} yet.`;
  return `${error.message}${/[.!?]$/.test(error.message) ? '' : '.'} ${age}`;
}
