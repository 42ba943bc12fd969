import { readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance, listValue } from '@duckdb/node-api';
import { sync, writeDurably } from './durable-files.ts';
import { archivePaths } from './manifest.ts';
import type { ReferenceFile, ReferenceTable } from './reference-log.ts';
import { writeReference } from './write-reference.ts';

const memoryLimit = '256MB';
const keys: Readonly<Record<ReferenceTable, string>> = { stores: 'store_id', customers: 'customer_id' };

/** Files that take the place of others; written before the first of them does. Names in the folder of reference data. */
interface Plan {
  readonly renames: readonly { readonly from: string; readonly to: string }[];
  readonly removals: readonly string[];
}

/**
 * Makes as few files as possible of all changes of a table: the first change of each id in the first file, the second
 * in the second, and so on, without those that repeat the one before. Given to the warehouse in their order they do
 * the same as the changes did, because records of different ids do not concern each other.
 *
 * @param files changes of one table in order; they are replaced
 */
export async function foldReference(
  archiveFolder: string,
  table: ReferenceTable,
  files: readonly ReferenceFile[],
): Promise<void> {
  const { reference, tmp } = archivePaths(archiveFolder);
  const instance = await DuckDBInstance.create(':memory:', {
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    memory_limit: memoryLimit,
    threads: '1',
    temp_directory: join(tmp, 'folded'),
  });
  try {
    const connection = await instance.connect();
    const generations = await readChanges(connection, keys[table], files);
    const targets = files.slice(files.length - generations).map((file) => file.path);
    for (const [index, target] of targets.entries())
      await writeReference(`${target}.new`, generation(connection, index + 1));
    const plan: Plan = {
      renames: targets.map((target) => ({ from: `${basename(target)}.new`, to: basename(target) })),
      removals: files.slice(0, files.length - generations).map((file) => basename(file.path)),
    };
    await writeDurably(planPath(reference), JSON.stringify(plan));
  } finally {
    instance.closeSync();
  }
  await finishFold(archiveFolder);
}

/** Carries out what a fold has planned, if one has; a crash in the middle leaves the rest for the next time. */
export async function finishFold(archiveFolder: string): Promise<void> {
  const { reference } = archivePaths(archiveFolder);
  const plan = await readPlan(reference);
  if (plan === undefined) return;
  // The newest first: whatever lies between two of these steps ends in the same records.
  for (const { from, to } of [...plan.renames].reverse())
    await rename(join(reference, from), join(reference, to)).catch(unlessMissing);
  for (const name of plan.removals) await rm(join(reference, name), { force: true });
  await sync(reference);
  await rm(planPath(reference));
  await sync(dirname(planPath(reference)));
}

const planPath = (reference: string): string => join(reference, 'fold.json');

async function readPlan(reference: string): Promise<Plan | undefined> {
  try {
    return JSON.parse(await readFile(planPath(reference), 'utf8')) as Plan;
  } catch (error) {
    unlessMissing(error as NodeJS.ErrnoException);
    return undefined;
  }
}

function unlessMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}

/** Records are taken as they are, whatever members they have. Resolves with how many changes one id has at the most. */
async function readChanges(
  connection: DuckDBConnection,
  key: string,
  files: readonly ReferenceFile[],
): Promise<number> {
  await connection.run(
    `CREATE TABLE change AS
    WITH record AS (
      SELECT
        json ->> $key AS id, list_position($paths, filename) AS file, CAST(json ->> 'position' AS BIGINT) AS position,
        CAST(json_merge_patch(json, '{"position": null}') AS VARCHAR) AS record
      FROM read_ndjson_objects($paths, filename = true)
    ),
    last_of_file AS (
      SELECT * FROM record QUALIFY ROW_NUMBER() OVER (PARTITION BY id, file ORDER BY position DESC) = 1
    ),
    new_record AS (
      SELECT * FROM last_of_file
      QUALIFY LAG(record) OVER (PARTITION BY id ORDER BY file) IS DISTINCT FROM record
    )
    SELECT record, ROW_NUMBER() OVER (PARTITION BY id ORDER BY file) AS generation FROM new_record`,
    { key, paths: listValue(files.map((file) => file.path)) },
  );
  const reader = await connection.runAndReadAll('SELECT COALESCE(MAX(generation), 0) FROM change');
  return Number(reader.getRows()[0]?.[0]);
}

async function* generation(connection: DuckDBConnection, number: number): AsyncGenerator<Record<string, unknown>[]> {
  const result = await connection.stream('SELECT record FROM change WHERE generation = $number', { number });
  for (;;) {
    const chunk = await result.fetchChunk();
    if (!chunk || chunk.rowCount === 0) return;
    yield (chunk.getColumns()[0] ?? []).map((text) => JSON.parse(String(text)) as Record<string, unknown>);
  }
}

/** Whether these files are so many, or have so many bytes, that they should be folded. */
export async function areTooMany(
  files: readonly ReferenceFile[],
  { filesMax, bytesMax }: { readonly filesMax: number; readonly bytesMax: number },
): Promise<boolean> {
  if (files.length > filesMax) return true;
  const sizes = await Promise.all(files.map(async ({ path }) => (await stat(path)).size));
  return sizes.reduce((sum, size) => sum + size, 0) > bytesMax;
}
