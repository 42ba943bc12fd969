import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { ImportError } from './import-error.ts';
import { type FileFormat, type FileSpec, fileFormats, type Mapping } from './mapping-schema.ts';

/** A file of the import. */
export interface SourceFile {
  readonly path: string;
  /** What origins call it: its name, or its path where two files have one name. */
  readonly label: string;
  readonly format: FileFormat;
}

/** Which files belong to which name of the mapping, and which belong to none. */
export interface MatchedFiles {
  readonly sources: ReadonlyMap<string, readonly SourceFile[]>;
  readonly ignored: readonly string[];
}

const endings: Readonly<Record<string, FileFormat>> = {
  csv: 'csv',
  tsv: 'csv',
  tab: 'csv',
  txt: 'csv',
  ndjson: 'ndjson',
  jsonl: 'ndjson',
  json: 'json',
  parquet: 'parquet',
  pq: 'parquet',
};

/**
 * Finds for every file of the mapping the files meant by it; a folder stands for the files in it. A mapping of one
 * file without a pattern takes them all. Several files with one pattern are read one after the other.
 *
 * @throws ImportError for a file that is not there, or not known, or meant twice
 */
export async function matchFiles(paths: readonly string[], files: Mapping['files']): Promise<MatchedFiles> {
  const found = (await Promise.all(paths.map(expand))).flat();
  const named = Object.entries(files).filter(([, spec]) => spec.each === undefined);
  const sources = new Map<string, SourceFile[]>(named.map(([name]) => [name, []]));
  const ignored: string[] = [];
  for (const path of new Set(found)) {
    const names = named.filter(([name, spec]) => fits(basename(path), name, spec, named.length === 1));
    const [first, second] = names;
    if (second) throw new ImportError(`${path} fits both files.${first?.[0]} and files.${second[0]} of the mapping.`);
    if (first) sources.get(first[0])?.push(sourceOf(path, first[1], found));
    else ignored.push(path);
  }
  for (const [name, spec] of named) {
    if (sources.get(name)?.length === 0) throw new ImportError(missing(name, spec, found));
  }
  return { sources, ignored };
}

function missing(name: string, spec: FileSpec, found: readonly string[]): string {
  const wanted = spec.file === undefined ? `a file "${name}.*"` : `a file "${spec.file}"`;
  return `The mapping needs ${wanted} (files.${name}); given were ${found.map((path) => basename(path)).join(', ')}.`;
}

async function expand(path: string): Promise<string[]> {
  try {
    if (!(await stat(path)).isDirectory()) return [path];
    const entries = await readdir(path, { withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
      .map((entry) => join(path, entry.name))
      .sort();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const reason = code === 'ENOENT' ? 'there is no such file' : String(code ?? error);
    throw new ImportError(`${path} cannot be read: ${reason}.`, { cause: error });
  }
}

/** Without a pattern a file is meant by its name without the ending, or, if it is the only one, whatever its name. */
function fits(fileName: string, name: string, { file }: FileSpec, alone: boolean): boolean {
  if (file !== undefined) return globPattern(file).test(fileName);
  return alone || fileName.replace(/\..*$/, '').toLowerCase() === name.toLowerCase();
}

/** A pattern with * and ? as a regular expression that takes a whole text, in any case. */
export function globPattern(glob: string): RegExp {
  const escaped = glob.replace(/[\\^$.+()[\]{}|]/g, '\\$&');
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`, 'isu');
}

function sourceOf(path: string, spec: FileSpec, all: readonly string[]): SourceFile {
  const name = basename(path);
  const alone = all.filter((other) => basename(other) === name).length === 1;
  return { path, label: alone ? name : path, format: spec.format ?? formatOf(path) };
}

function formatOf(path: string): FileFormat {
  const ending = /\.([^./\\]+)$/.exec(path.toLowerCase().replace(/\.gz$/, ''))?.[1] ?? '';
  const format = endings[ending];
  if (format) return format;
  const hint = ending.startsWith('xls') ? ' Save the sheet as CSV.' : ` Give format: ${fileFormats.join(', ')}.`;
  throw new ImportError(`${path}: the ending ".${ending}" says nothing of its format.${hint}`);
}
