import { createHash } from 'node:crypto';
import { type Dirent, readdirSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type ReferenceTable, referenceTables, SourceError, type Watermark } from '../source.ts';
import { fieldsOf } from './fields.ts';

/** How a file is written, by the end of its name. */
export const formats = ['csv', 'ndjson', 'parquet'] as const;
export type Format = (typeof formats)[number];

/** The file of a table as it was found. `watermark` changes with every change of the file. */
export interface TableFile {
  readonly path: string;
  readonly format: Format;
  readonly watermark: Watermark;
}

const fileName = new RegExp(`^(${referenceTables.join('|')})\\.(${formats.join('|')})$`, 'i');

/** The tables that a folder has files of; all of them when it cannot be looked into, so that reading says why. */
export function tablesIn(folder: string): ReferenceTable[] {
  try {
    const there = new Set(matching(readdirSync(folder, { withFileTypes: true })).map(({ table }) => table));
    return referenceTables.filter((table) => there.has(table));
  } catch {
    return [...referenceTables];
  }
}

/**
 * Finds the one file of a table.
 *
 * @throws SourceError of kind `unavailable` when the folder cannot be looked into, of kind `shape` when there is not
 * exactly one file or it is empty
 */
export async function findFile(folder: string, table: ReferenceTable): Promise<TableFile> {
  const files = matching(await entriesOf(folder)).filter((file) => file.table === table);
  const [file, second] = files;
  if (!file) {
    const names = formats.map((format) => `${table}.${format}`).join(', ');
    throw new SourceError(`The folder ${folder} has none of ${names}.`, { kind: 'shape' });
  }
  if (second) {
    const names = files.map(({ name }) => name).join(' and ');
    throw new SourceError(`The folder ${folder} has ${names}; there may be only one file of ${table}.`, {
      kind: 'shape',
    });
  }
  const path = join(folder, file.name);
  const seen = await look(path, table);
  if (!seen) throw new SourceError(`${path} is gone or may not be read.`, { kind: 'shape' });
  if (seen.isEmpty) throw new SourceError(`${path} is empty.`, { kind: 'shape' });
  return { path, format: file.format, watermark: seen.watermark };
}

/** Whether a file is not what it was when it was found. */
export async function hasChanged({ path, watermark }: TableFile, table: ReferenceTable): Promise<boolean> {
  return (await look(path, table))?.watermark.basis !== watermark.basis;
}

async function entriesOf(folder: string): Promise<Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    throw new SourceError(`The folder ${folder} cannot be read: ${(error as Error).message}.`, {
      kind: 'unavailable',
      cause: error,
    });
  }
}

function matching(entries: readonly Dirent[]): { name: string; table: ReferenceTable; format: Format }[] {
  return entries.flatMap((entry) => {
    const [, table, format] = fileName.exec(entry.name.toLowerCase()) ?? [];
    if (table === undefined || entry.isDirectory()) return [];
    return [{ name: entry.name, table: table as ReferenceTable, format: format as Format }];
  });
}

/** The time of a file's last status change cannot be set, unlike that of its content. Undefined if it is not there. */
async function look(
  path: string,
  table: ReferenceTable,
): Promise<{ watermark: Watermark; isEmpty: boolean } | undefined> {
  try {
    const { size, mtimeNs, ctimeNs } = await stat(path, { bigint: true });
    const facts = [basename(path), size, mtimeNs, ctimeNs, ...Object.keys(fieldsOf[table])];
    const basis = createHash('sha256').update(facts.join('\n')).digest('hex');
    const through = new Date(Number(mtimeNs / 1_000_000n)).toISOString();
    return { watermark: { through, basis }, isEmpty: size === 0n };
  } catch {
    return undefined;
  }
}
