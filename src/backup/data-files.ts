import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import Type, { type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { type Digest, digestOf } from './digest.ts';
import { countLines, digestFile, readIfThere } from './local-file.ts';
import { type FileKind, isInside } from './manifest.ts';

/** A file of the data folder as it is to be backed up. */
export interface DataFile extends Digest {
  readonly kind: FileKind;
  /** In the data folder, with slashes. */
  readonly path: string;
  /** Records that count for its kind. */
  readonly records: number;
  /** Of files that can change: the bytes that the digest is of. */
  readonly content?: Buffer;
}

/** A segment file by name. */
export interface SegmentName {
  readonly sequence: number;
  readonly path: string;
}

/** The archive of loaded segment files. */
export interface ArchiveFiles {
  /** Everything in it, the manifests included. */
  readonly files: readonly DataFile[];
  /** Whether it holds a segment file, or has removed it after its time. */
  covers(sequence: number): boolean;
  /** Records of segment files that it has no longer, or never had: they are in the warehouse alone. */
  readonly warehouseOnly: number;
}

const BatchSchema = Type.Object({
  records: Type.Integer({ minimum: 0 }),
  segments: Type.Array(Type.Object({ sequence: Type.Integer({ minimum: 0 }) })),
  files: Type.Array(
    Type.Object({
      path: Type.String({ description: 'In the archive folder' }),
      bytes: Type.Integer({ minimum: 0 }),
      sha256: Type.String({ pattern: '^[0-9a-f]{64}$' }),
    }),
  ),
});
const batchCheck = Compile(BatchSchema);

const RemovedSchema = Type.Object({
  removed: Type.Array(
    Type.Object({ first: Type.Integer(), last: Type.Integer(), records: Type.Integer({ minimum: 0 }) }),
  ),
});
const removedCheck = Compile(RemovedSchema);

/** The segment files of a data folder, sealed or not, oldest first. */
export async function listSegments(folder: string): Promise<SegmentName[]> {
  const names = await namesIn(folder, 'segments', /^\d{12}\.ndjson$/);
  return names.map((name) => ({ sequence: Number(name.slice(0, 12)), path: `segments/${name}` }));
}

/** What lay damaged amid segment files when it was found. */
export async function listDamaged(folder: string): Promise<string[]> {
  return (await namesIn(folder, 'segments', /\.damaged$/)).map((name) => `segments/${name}`);
}

/**
 * The batches of the archive, each with its manifest and what that names, and the list of those removed. That list is
 * read last, because a batch is written there before it goes.
 *
 * @throws Error that names a manifest which cannot be read
 */
export async function readArchive(folder: string): Promise<ArchiveFiles> {
  const files: DataFile[] = [];
  const archived = new Set<number>();
  for (const name of await namesIn(folder, 'archive/manifests', /^\d{12}-\d{12}\.json$/)) {
    const manifest = await contentFile(folder, 'archive', `archive/manifests/${name}`);
    if (!manifest) continue;
    const batch = parse(manifest, batchCheck);
    for (const { sequence } of batch.segments) archived.add(sequence);
    files.push(...batch.files.map(archivedFile), { ...manifest, records: batch.records });
  }
  const list = await contentFile(folder, 'archive', 'archive/removed.json');
  const removed = list ? parse(list, removedCheck).removed : [];
  return {
    files: list ? [...files, list] : files,
    covers: (sequence) =>
      archived.has(sequence) || removed.some(({ first, last }) => first <= sequence && sequence <= last),
    warehouseOnly: removed.reduce((sum, { records }) => sum + records, 0),
  };
}

/**
 * The files of accepted reference data, without gaps: a file that comes during the first look may be missed while
 * one behind it is seen, but whatever came before a file seen then is seen by a second look. Older files may vanish
 * after the newest got all that they say.
 */
export async function listReference(folder: string): Promise<string[]> {
  const look = (): Promise<string[]> => namesIn(folder, 'archive/reference', /^\d+-(stores|customers)\.ndjson$/);
  const newest = (await look()).reduce((highest, name) => Math.max(highest, Number.parseInt(name, 10)), 0);
  const names = (await look()).filter((name) => Number.parseInt(name, 10) <= newest);
  return names.map((name) => `archive/reference/${name}`);
}

/** A file read through; `withRecords` when each line is one. */
export async function digestedFile(
  folder: string,
  kind: FileKind,
  path: string,
  withRecords = false,
): Promise<DataFile> {
  let records = 0;
  const digest = await digestFile(join(folder, path), (chunk) => {
    if (withRecords) records += countLines(chunk);
  });
  return { kind, path, records, ...digest };
}

/** A small file that is written anew now and then, with its bytes of now; undefined when there is none. */
export async function contentFile(
  folder: string,
  kind: FileKind,
  path: string,
): Promise<(DataFile & { readonly content: Buffer }) | undefined> {
  const content = await readIfThere(join(folder, path));
  return content && { kind, path, records: 0, ...digestOf(content), content };
}

function archivedFile({ path, bytes, sha256 }: Static<typeof BatchSchema>['files'][number]): DataFile {
  if (!isInside(path)) throw new Error(`A manifest of the archive names a file outside it: ${path}.`);
  return { kind: 'archive', path: `archive/${path}`, records: 0, bytes, sha256 };
}

function parse<T>(
  { path, content }: { path: string; content: Buffer },
  check: { Check(value: unknown): value is T },
): T {
  try {
    const parsed: unknown = JSON.parse(content.toString());
    if (check.Check(parsed)) return parsed;
    throw new Error('it lacks something, or comes from a newer version');
  } catch (error) {
    const why = (error as Error).message;
    throw new Error(`${path} in the data folder cannot be read (${why}). "slicehouse verify" says more.`, {
      cause: error,
    });
  }
}

async function namesIn(folder: string, part: string, pattern: RegExp): Promise<string[]> {
  try {
    return (await readdir(join(folder, part))).filter((name) => pattern.test(name)).sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
