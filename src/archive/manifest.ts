import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeDurably } from './durable-files.ts';

/** A segment file whose records lie in the archive. */
export interface ArchivedSegment {
  readonly sequence: number;
  readonly records: number;
  /** Size of the segment file, its seal included. */
  readonly bytes: number;
  /** CRC-32 of every byte before the seal, eight hexadecimal digits, as the seal says it. */
  readonly checksum: string;
  /** Milliseconds since 1970. */
  readonly sealedAtMs: number;
}

/** A Parquet file of a batch: the records of one business date. */
export interface ArchivedFile {
  /** Relative to the archive's folder, with slashes. */
  readonly path: string;
  readonly bytes: number;
  /** Hexadecimal digits. */
  readonly sha256: string;
  readonly records: number;
}

/** A batch of the archive: which segment files it holds, and in which Parquet files. It is there once this is. */
export interface Manifest {
  readonly version: 1;
  /** Lowest and highest sequence among the segments. */
  readonly first: number;
  readonly last: number;
  readonly records: number;
  readonly segments: readonly ArchivedSegment[];
  readonly files: readonly ArchivedFile[];
}

/** Segment files whose records are in the warehouse alone: it cannot be made anew with them. */
export interface Removed {
  readonly first: number;
  readonly last: number;
  readonly records: number;
  /** Older than `archiveDays`, or gone before this folder had an archive. */
  readonly reason: 'archiveDays' | 'before the archive';
}

/** Sequences in the names of a batch, twelve digits each. */
export function batchName({ first, last }: Pick<Manifest, 'first' | 'last'>): string {
  return `${digits(first)}-${digits(last)}`;
}

const digits = (sequence: number): string => String(sequence).padStart(12, '0');

/** Where the parts of an archive lie. */
export function archivePaths(folder: string): Record<'manifests' | 'orders' | 'reference' | 'tmp' | 'removed', string> {
  return {
    manifests: join(folder, 'manifests'),
    orders: join(folder, 'orders'),
    reference: join(folder, 'reference'),
    tmp: join(folder, 'tmp'),
    removed: join(folder, 'removed.json'),
  };
}

/**
 * The batches of an archive in the order of their segment files; none when there is no archive.
 *
 * @throws Error that names a manifest which cannot be read or comes from a newer version
 */
export async function readManifests(folder: string): Promise<Manifest[]> {
  const { manifests } = archivePaths(folder);
  const names = (await readdir(manifests).catch(noneIfMissing)).filter((name) => /^\d{12}-\d{12}\.json$/.test(name));
  const read = await Promise.all(names.map((name) => readVersioned<Manifest>(join(manifests, name))));
  return read.sort((a, b) => a.first - b.first || a.last - b.last);
}

/** Makes the batch part of the archive. */
export function writeManifest(folder: string, manifest: Manifest): Promise<void> {
  return writeDurably(manifestPath(folder, manifest), `${JSON.stringify(manifest)}\n`);
}

export function manifestPath(folder: string, batch: Pick<Manifest, 'first' | 'last'>): string {
  return join(archivePaths(folder).manifests, `${batchName(batch)}.json`);
}

/** What the archive remembers to be removed; undefined before it has ever been looked at. */
export async function readRemoved(folder: string): Promise<readonly Removed[] | undefined> {
  try {
    return (await readVersioned<{ removed: Removed[] }>(archivePaths(folder).removed)).removed;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

export function writeRemoved(folder: string, removed: readonly Removed[]): Promise<void> {
  return writeDurably(archivePaths(folder).removed, `${JSON.stringify({ version: 1, removed })}\n`);
}

async function readVersioned<T>(path: string): Promise<T> {
  const text = await readFile(path, 'utf8');
  const content = parse(text, path) as { version?: unknown };
  if (content.version === 1) return content as T;
  throw new Error(`${path} has version ${String(content.version)}; this version of Slicehouse reads version 1.`);
}

function parse(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`${path} is damaged: ${(error as Error).message}`, { cause: error });
  }
}

/** An empty list for a folder that is not there. */
export function noneIfMissing(error: NodeJS.ErrnoException): string[] {
  if (error.code === 'ENOENT') return [];
  throw error;
}
