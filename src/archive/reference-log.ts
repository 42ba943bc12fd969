import { constants } from 'node:fs';
import { copyFile, mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Log } from '../runtime/log.ts';
import { Mutex } from '../runtime/mutex.ts';
import { renameDurably, sync } from './durable-files.ts';
import { areTooMany, finishFold, foldReference } from './fold-reference.ts';
import { archivePaths, noneIfMissing } from './manifest.ts';
import { writeReference } from './write-reference.ts';

export type ReferenceTable = 'stores' | 'customers';

/** Where reference data counts: each file as a whole or not at all. */
export interface ReferenceTables {
  upsertStores(path: string): Promise<void>;
  upsertCustomers(path: string): Promise<void>;
}

export interface ReferenceLogOptions {
  /** Folder of the archive. */
  readonly folder: string;
  readonly tables: ReferenceTables;
  readonly log: Log;
  /** What a table holds now, for a data folder from before there was a log. */
  readonly read: (table: ReferenceTable) => AsyncIterable<readonly Readonly<Record<string, unknown>>[]>;
  /** More files of one table than this, or more bytes in them, are folded into as few as possible. */
  readonly filesMax?: number;
  readonly bytesMax?: number;
}

/** A kept change: NDJSON as it was given to the warehouse. */
export interface ReferenceFile {
  readonly number: number;
  readonly table: ReferenceTable;
  readonly path: string;
}

const pendingSuffix = '.pending';

/**
 * Keeps every accepted change of reference data, in order, so that a warehouse can be made anew. A change is on disk
 * before the warehouse gets it and has its final name before it is answered; one that a crash came between is given
 * to the warehouse again at the next start, which changes nothing where it was there already.
 */
export class ReferenceLog implements ReferenceTables {
  readonly #options: ReferenceLogOptions;
  readonly #turn = new Mutex();
  #last: number;
  /** By table, the highest number that folding again would gain nothing from. */
  readonly #folded = { stores: 0, customers: 0 };

  private constructor(options: ReferenceLogOptions, last: number) {
    this.#options = options;
    this.#last = last;
  }

  /** Opens the log, after bringing a change that was interrupted to its end. */
  static async open(options: ReferenceLogOptions): Promise<ReferenceLog> {
    await beginReference(options.folder, options.read);
    const files = await readReferenceFiles(options.folder);
    const log = new ReferenceLog(options, files.at(-1)?.number ?? 0);
    for (const table of tables) {
      const count = files.filter((file) => file.table === table).length;
      if (count <= log.#limits.filesMax) log.#folded[table] = log.#last;
    }
    for (const { table, path } of files.filter((file) => file.path.endsWith(pendingSuffix))) {
      await upsert(options.tables, table, path);
      await renameDurably(path, path.slice(0, -pendingSuffix.length));
    }
    return log;
  }

  upsertStores(path: string): Promise<void> {
    return this.#keep('stores', path);
  }

  upsertCustomers(path: string): Promise<void> {
    return this.#keep('customers', path);
  }

  #keep(table: ReferenceTable, path: string): Promise<void> {
    return this.#turn.run(async () => {
      const kept = this.#nextPath(table);
      const pending = kept + pendingSuffix;
      try {
        await copyFile(path, pending, constants.COPYFILE_EXCL);
        await sync(pending);
        await sync(archivePaths(this.#options.folder).reference);
        await upsert(this.#options.tables, table, path);
      } catch (error) {
        await rm(pending, { force: true });
        throw error;
      }
      await renameDurably(pending, kept);
      await this.#fold(table);
    });
  }

  get #limits(): { filesMax: number; bytesMax: number } {
    const { filesMax = 100, bytesMax = 64 * 1024 * 1024 } = this.#options;
    return { filesMax, bytesMax };
  }

  /** A log that is not folded is longer, and no worse. */
  async #fold(table: ReferenceTable): Promise<void> {
    const { folder, log } = this.#options;
    const files = (await readReferenceFiles(folder)).filter((file) => file.table === table);
    const newer = files.filter((file) => file.number > this.#folded[table]);
    if (!(await areTooMany(newer, this.#limits))) return;
    this.#folded[table] = this.#last;
    await foldReference(folder, table, files).catch((error: unknown) =>
      log.error({ err: error, table }, 'changes of reference data could not be folded into one file'),
    );
  }

  #nextPath(table: ReferenceTable): string {
    this.#last += 1;
    return pathOf(this.#options.folder, this.#last, table);
  }
}

const tables = ['stores', 'customers'] as const;

function pathOf(archiveFolder: string, number: number, table: ReferenceTable): string {
  return join(archivePaths(archiveFolder).reference, `${String(number).padStart(6, '0')}-${table}.ndjson`);
}

/**
 * Brings the folder of kept changes into order after a crash. A table without any begins with what `read` gives: it
 * was filled before there was a log.
 */
export async function beginReference(archiveFolder: string, read: ReferenceLogOptions['read']): Promise<void> {
  const { reference } = archivePaths(archiveFolder);
  await mkdir(reference, { recursive: true, mode: 0o700 });
  await finishFold(archiveFolder);
  for (const name of await readdir(reference)) if (name.endsWith('.new')) await rm(join(reference, name));
  for (const table of tables) {
    const files = await readReferenceFiles(archiveFolder);
    if (files.some((file) => file.table === table)) continue;
    const path = pathOf(archiveFolder, (files.at(-1)?.number ?? 0) + 1, table);
    const rows = await writeReference(`${path}.new`, read(table));
    if (rows > 0) await renameDurably(`${path}.new`, path);
    else await rm(`${path}.new`);
  }
}

/** The kept changes in order, one that is under way included. */
export async function readReferenceFiles(archiveFolder: string): Promise<ReferenceFile[]> {
  const { reference } = archivePaths(archiveFolder);
  const names = await readdir(reference).catch(noneIfMissing);
  return names
    .flatMap((name) => {
      const [, digits, table] = /^(\d{6,})-(stores|customers)\.ndjson(?:\.pending)?$/.exec(name) ?? [];
      if (digits === undefined || table === undefined) return [];
      return [{ number: Number(digits), table: table as ReferenceTable, path: join(reference, name) }];
    })
    .sort((a, b) => a.number - b.number);
}

/** Gives a kept change to the tables. */
export function upsert(tables: ReferenceTables, table: ReferenceTable, path: string): Promise<void> {
  return table === 'stores' ? tables.upsertStores(path) : tables.upsertCustomers(path);
}
