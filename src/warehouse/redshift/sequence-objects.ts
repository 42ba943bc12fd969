import type { WriteStatement } from '../warehouse.ts';
import type { DataApi } from './data-api.ts';
import { sqlFile } from './sql-file.ts';
import { lock, statement } from './statements.ts';

/** An object as its notification or the bucket's listing tells it. */
export interface LandedObject {
  readonly key: string;
  readonly bytes: number;
  /** When it was last modified, milliseconds since 1970. */
  readonly landedAtMs: number;
}

const sql = { landed: sqlFile('landed'), number: sqlFile('number-landed') };

/** So many objects of one statement keep it far below the limits on its length and its parameters. */
const partMax = 40;
/** Statements of a batch, less those around them, times that. */
const objectsMax = 30 * partMax;

/**
 * Gives each object that has none the next sequence, the oldest first, and resolves with the sequences of all by key.
 * Whoever asks for the same object again gets the same one, also when two ask at once.
 */
export async function sequenceObjects(
  dataApi: DataApi,
  objects: readonly LandedObject[],
): Promise<Map<string, number>> {
  const distinct = [...new Map(objects.map((object) => [object.key, object])).values()];
  const sequences = new Map<string, number>();
  for (const some of parts(distinct, objectsMax)) {
    const inserts = [...parts(some, partMax)].map(insertLanded);
    await dataApi.batch([lock, statement(sql.landed), ...inserts, statement(sql.number)]);
    for (const part of parts(some, partMax)) await readSequences(dataApi, part, sequences);
  }
  return sequences;
}

function insertLanded(objects: readonly LandedObject[]): WriteStatement {
  const rows = objects.map((_, at) => `($key${at}, $bytes${at}, CAST($landed_at${at} AS TIMESTAMP))`);
  const parameters = objects.flatMap(({ key, bytes, landedAtMs }, at) => [
    [`key${at}`, key] as const,
    [`bytes${at}`, bytes] as const,
    [`landed_at${at}`, new Date(landedAtMs).toISOString()] as const,
  ]);
  return statement(`INSERT INTO landed VALUES ${rows.join(', ')}`, Object.fromEntries(parameters));
}

async function readSequences(
  dataApi: DataApi,
  objects: readonly LandedObject[],
  sequences: Map<string, number>,
): Promise<void> {
  const keys = objects.map(({ key }, at) => [`key${at}`, key] as const);
  const names = keys.map(([name]) => `$${name}`).join(', ');
  const rows = await dataApi.query(
    `SELECT object_key, sequence FROM landed_object WHERE object_key IN (${names})`,
    Object.fromEntries(keys),
  );
  for (const row of rows) sequences.set(String(row['object_key']), Number(row['sequence']));
}

function* parts<T>(all: readonly T[], size: number): Generator<readonly T[]> {
  for (let at = 0; at < all.length; at += size) yield all.slice(at, at + size);
}
