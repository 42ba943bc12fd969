import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { type CensusRow, type CensusTable, censusTables, type VintageManifest } from './census-row.ts';

/** Figures by table, each sorted by geoid. */
export type CensusRows = Readonly<Record<CensusTable, readonly CensusRow[]>>;

/** A vintage on disk: `files` are gzipped NDJSON of `CensusRow`, which the warehouse reads as they are. */
export interface CensusFiles {
  readonly manifest: VintageManifest;
  readonly files: Readonly<Record<CensusTable, string>>;
}

/** The figures that come with the software. */
export const snapshotFolder = fileURLToPath(new URL('./snapshot/', import.meta.url));

const pointer = 'current.json';

/**
 * The vintage in use: the last one that was put into `folder`, or the snapshot if there is none or no folder.
 *
 * @throws when the vintage in use cannot be read
 */
export async function censusFiles(folder?: string): Promise<CensusFiles> {
  const name = folder === undefined ? undefined : await readPointer(folder);
  const source = folder === undefined || name === undefined ? snapshotFolder : join(folder, name);
  const manifest: VintageManifest = JSON.parse(await readFile(join(source, 'snapshot.json'), 'utf8'));
  return { manifest, files: tableFiles(source) };
}

/** Reads the rows of every table of a vintage. */
export async function readVintage({ files }: CensusFiles): Promise<CensusRows> {
  const read = async (table: CensusTable): Promise<CensusRow[]> => {
    const text = (await promisify(gunzip)(await readFile(files[table]))).toString('utf8');
    return text
      .trimEnd()
      .split('\n')
      .map((line): CensusRow => JSON.parse(line));
  };
  const [state, county, place, zip] = await Promise.all([
    read('census_state'),
    read('census_county'),
    read('census_place'),
    read('census_zip'),
  ]);
  return { census_state: state, census_county: county, census_place: place, census_zip: zip };
}

/** Writes `snapshot.json` and a file a table into a folder, which is made if need be. */
export async function writeVintage(
  folder: string,
  vintage: string,
  rows: CensusRows,
  origins: VintageManifest['origins'],
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const files = tableFiles(folder);
  for (const table of censusTables) await writeFile(files[table], await compress(rows[table]), { flush: true });
  const manifest: VintageManifest = { vintage, rows: forEachTable((table) => rows[table].length), origins };
  await writeFile(join(folder, 'snapshot.json'), `${JSON.stringify(manifest, null, 2)}\n`, { flush: true });
}

/**
 * Makes a new vintage the one in use: written beside the old one, then taken in a single rename of the pointer, so
 * that whoever reads or crashes meets either the old one or the new one. What is in use no more is removed.
 */
export async function replaceVintage(
  folder: string,
  vintage: string,
  rows: CensusRows,
  origins: VintageManifest['origins'],
): Promise<void> {
  const name = `${vintage}-${randomUUID().slice(0, 8)}`;
  await mkdir(folder, { recursive: true });
  try {
    await writeVintage(join(folder, name), vintage, rows, origins);
    await syncFolder(join(folder, name));
    const next = join(folder, `${pointer}-${name}`);
    await writeFile(next, JSON.stringify({ folder: name }), { flush: true });
    await rename(next, join(folder, pointer));
    await syncFolder(folder);
  } finally {
    await removeUnused(folder);
  }
}

async function readPointer(folder: string): Promise<string | undefined> {
  try {
    const { folder: name } = JSON.parse(await readFile(join(folder, pointer), 'utf8')) as { folder: string };
    return name;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Removes vintages and pointers that are not in use, those of an interrupted run included. */
async function removeUnused(folder: string): Promise<void> {
  const used = await readPointer(folder);
  for (const entry of await readdir(folder))
    if (entry !== used && /-[0-9a-f]{8}$/.test(entry)) await rm(join(folder, entry), { recursive: true, force: true });
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder);
  await handle.sync().finally(() => handle.close());
}

async function compress(rows: readonly CensusRow[]): Promise<Buffer> {
  const lines = rows.map((row) => `${JSON.stringify(row)}\n`).join('');
  return promisify(gzip)(lines, { level: 9 });
}

function tableFiles(folder: string): CensusFiles['files'] {
  return forEachTable((table) => join(folder, `${table}.ndjson.gz`));
}

/** One value a table. */
export function forEachTable<Value>(make: (table: CensusTable) => Value): Record<CensusTable, Value> {
  return Object.fromEntries(censusTables.map((table) => [table, make(table)])) as Record<CensusTable, Value>;
}
