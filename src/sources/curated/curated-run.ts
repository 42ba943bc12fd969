import Type, { type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { type ReferenceTable, referenceTables, SourceError, type Watermark } from '../source.ts';
import type { CuratedBucket } from './curated-bucket.ts';

const text = Type.String();
const WatermarkSchema = Type.Object({ through: text, basis: text });
const FilesSchema = Type.Array(Type.Object({ name: text, rows: Type.Integer({ minimum: 0 }) }));

/** What the job writes last when it has read a table to its end. */
const ManifestSchema = Type.Object({
  version: Type.Literal(1),
  run_id: text,
  /** What the run began with; null when it read every row. */
  since: Type.Union([WatermarkSchema, Type.Null()]),
  watermark: WatermarkSchema,
  is_whole: Type.Boolean(),
  clock_skew_ms: Type.Integer(),
  /** Names below the folder of the run. */
  files: Type.Object({ records: FilesSchema, errors: FilesSchema, keys: FilesSchema }),
});
export type Manifest = Static<typeof ManifestSchema>;
export type FileKind = keyof Manifest['files'];

/** What it writes instead when it could not. */
const FailureSchema = Type.Object({
  version: Type.Literal(1),
  kind: Type.Enum(['unavailable', 'refused', 'shape', 'mapping']),
  summary: text,
  faults: Type.Array(Type.Object({ path: text, message: text })),
});

/** What it writes first. */
const TablesSchema = Type.Object({ tables: Type.Array(Type.Enum([...referenceTables])) });

const lists = Compile(TablesSchema);
const manifests = Compile(ManifestSchema);
const failures = Compile(FailureSchema);

/**
 * The tables that the job reads: what its mapping has, or, when it has not said so, what there are folders of.
 *
 * @throws SourceError when the bucket cannot be read
 */
export async function tablesIn(bucket: CuratedBucket, signal?: AbortSignal): Promise<ReferenceTable[]> {
  const list = await readAs(bucket, '_tables.json', lists, signal);
  const known = new Set<string>(list?.tables ?? (await bucket.folders('', signal)));
  return referenceTables.filter((table) => known.has(table));
}

/**
 * The newest run of a table that has ended; one that is under way or was killed has not.
 *
 * @throws SourceError with what the job says when it could not read the table; of kind `shape` when no run has ended
 */
export async function newestRun(bucket: CuratedBucket, table: ReferenceTable, signal?: AbortSignal): Promise<Manifest> {
  for (const run of (await bucket.folders(`${table}/`, signal)).reverse()) {
    const manifest = await readManifest(bucket, `${table}/${run}/`, signal);
    if (manifest) return manifest;
    const failure = await readAs(bucket, `${table}/${run}/_failed.json`, failures, signal);
    if (failure) throw new SourceError(failure.summary, { kind: failure.kind, faults: failure.faults });
  }
  throw new SourceError(`No run of ${table} in ${bucket.name} has ended.`, { kind: 'shape' });
}

/**
 * The run that read a table up to a watermark.
 *
 * @throws SourceError of kind `shape` when it is not there
 */
export async function runAt(
  bucket: CuratedBucket,
  table: ReferenceTable,
  { through }: Watermark,
  signal?: AbortSignal,
): Promise<Manifest> {
  for (const run of (await bucket.folders(`${table}/`, signal)).reverse()) {
    const manifest = await readManifest(bucket, `${table}/${run}/`, signal);
    if (manifest?.watermark.through === through) return manifest;
  }
  throw new SourceError(`The run of ${table} of ${through} is gone from ${bucket.name}.`, { kind: 'shape' });
}

/**
 * The lines of one kind of file of a run.
 *
 * @throws SourceError of kind `shape` when a file has not the rows that the manifest says
 */
export async function* linesOf(
  bucket: CuratedBucket,
  table: ReferenceTable,
  manifest: Manifest,
  kind: FileKind,
  signal?: AbortSignal,
): AsyncGenerator<string> {
  for (const { name, rows } of manifest.files[kind]) {
    const path = `${table}/${manifest.run_id}/${name}`;
    let lines = 0;
    for await (const line of bucket.lines(path, signal)) {
      lines += 1;
      yield line;
    }
    if (lines === rows) continue;
    throw new SourceError(`${bucket.name}${path} has ${lines} rows where its manifest says ${rows}.`, {
      kind: 'shape',
    });
  }
}

function readManifest(bucket: CuratedBucket, folder: string, signal?: AbortSignal): Promise<Manifest | undefined> {
  return readAs(bucket, `${folder}_manifest.json`, manifests, signal);
}

interface Checked<T> {
  Check(value: unknown): value is T;
}

async function readAs<T>(
  bucket: CuratedBucket,
  name: string,
  schema: Checked<T>,
  signal: AbortSignal | undefined,
): Promise<T | undefined> {
  const written = await bucket.text(name, signal);
  if (written === undefined) return undefined;
  const value = parsed(written);
  if (schema.Check(value)) return value;
  throw new SourceError(`${bucket.name}${name} is not what the job of this version writes.`, { kind: 'shape' });
}

function parsed(written: string): unknown {
  try {
    return JSON.parse(written);
  } catch {
    return undefined;
  }
}
