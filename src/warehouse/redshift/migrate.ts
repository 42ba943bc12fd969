import { readdirSync, readFileSync } from 'node:fs';
import type { WriteStatement } from '../warehouse.ts';
import type { DataApi } from './data-api.ts';

interface Migration {
  readonly number: number;
  readonly statements: readonly string[];
}

const ownMigrations = new URL('./migrations/', import.meta.url);

/**
 * Brings the schema up to date, each migration in a transaction of its own: a failed one leaves the old schema.
 *
 * @param folder of the migrations; for tests
 * @returns the number of the newest migration
 * @throws Error when a newer version of Slicehouse made the schema, or a migration fails
 */
export async function migrate(dataApi: DataApi, folder: URL = ownMigrations): Promise<number> {
  await dataApi.batch([
    plain('CREATE TABLE IF NOT EXISTS schema_migration (number INTEGER NOT NULL, applied_at TIMESTAMP NOT NULL)'),
  ]);
  const version = await schemaVersion(dataApi);
  const known = migrationsIn(folder);
  const newest = known.at(-1)?.number ?? 0;
  if (version > newest) {
    throw new Error(
      `The warehouse has schema ${version}, and this version of Slicehouse knows schemas up to ${newest}. Deploy the newer version that made it.`,
    );
  }
  for (const { number, statements } of known.filter((migration) => migration.number > version)) {
    const remember = {
      sql: 'INSERT INTO schema_migration VALUES (CAST($number AS INTEGER), CAST($applied_at AS TIMESTAMP))',
      parameters: { number, applied_at: new Date().toISOString() },
    };
    await dataApi.batch([...statements.map(plain), remember]).catch((error: unknown) => {
      throw new Error(`Migration ${number} of the warehouse failed; it is as it was before.`, { cause: error });
    });
  }
  return newest;
}

/** The number of the newest migration that was applied, 0 for none. */
async function schemaVersion(dataApi: DataApi): Promise<number> {
  const [row] = await dataApi.query('SELECT COALESCE(MAX(number), 0) AS version FROM schema_migration');
  return Number(row?.['version']);
}

function migrationsIn(folder: URL): Migration[] {
  return readdirSync(folder)
    .filter((name) => /^\d{4}-.*\.sql$/.test(name))
    .sort()
    .map((name) => ({
      number: Number(name.slice(0, 4)),
      statements: statementsOf(readFileSync(new URL(name, folder), 'utf8')),
    }));
}

/** The Data API takes one statement at a time. In a migration each ends with a semicolon at the end of a line. */
function statementsOf(sql: string): string[] {
  return sql
    .replace(/--.*$/gm, '')
    .split(/;\s*$/m)
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '');
}

function plain(sql: string): WriteStatement {
  return { sql, parameters: {} };
}
