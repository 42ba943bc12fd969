import { readdirSync, readFileSync } from 'node:fs';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';

export interface DatabaseOptions {
  /** Path of the database file. */
  readonly path: string;
  /** The only folder that SQL may read and write files in. */
  readonly folder: string;
  readonly memoryLimitMb: number;
  readonly threads: number;
  /** Folder of the migrations; for tests. */
  readonly migrations?: URL;
}

const ownMigrations = new URL('./migrations/', import.meta.url);

/**
 * Opens the database file and brings its schema up to date.
 *
 * @throws Error that says so when the file belongs to another process or to a newer version
 */
export async function openDatabase(options: DatabaseOptions): Promise<DuckDBInstance> {
  const instance = await openFile(options);
  const connection = await instance.connect();
  try {
    await connection.run("SET GLOBAL TimeZone = 'UTC'");
    await connection.run(`SET allowed_directories = ['${options.folder.replaceAll("'", "''")}/']`);
    await connection.run('SET enable_external_access = false');
    await migrate(connection, options.migrations ?? ownMigrations);
    await connection.run('SET lock_configuration = true');
  } finally {
    connection.closeSync();
  }
  return instance;
}

async function openFile({ path, memoryLimitMb, threads }: DatabaseOptions): Promise<DuckDBInstance> {
  try {
    return await DuckDBInstance.create(path, {
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
      memory_limit: `${memoryLimitMb}MB`,
      threads: String(threads),
      // Each checkpoint costs a bulk load a tenth of its time; a start after a crash reads this much again.
      checkpoint_threshold: '256MB',
    });
  } catch (error) {
    if (/lock/i.test(String(error))) {
      throw new Error(`The warehouse ${path} is in use by another process.`, { cause: error });
    }
    throw new Error(`The warehouse ${path} cannot be opened: ${(error as Error).message}`, { cause: error });
  }
}

interface Migration {
  readonly number: number;
  readonly sql: string;
}

function migrationsIn(folder: URL): Migration[] {
  return readdirSync(folder)
    .filter((name) => /^\d{4}-.*\.sql$/.test(name))
    .sort()
    .map((name) => ({ number: Number(name.slice(0, 4)), sql: readFileSync(new URL(name, folder), 'utf8') }));
}

/** Applies what is missing, each migration in a transaction of its own: a failed one leaves the old schema. */
async function migrate(connection: DuckDBConnection, folder: URL): Promise<void> {
  await connection.run(
    'CREATE TABLE IF NOT EXISTS schema_migration (number INTEGER NOT NULL, applied_at TIMESTAMP NOT NULL)',
  );
  const applied = await connection.runAndReadAll('SELECT COALESCE(MAX(number), 0) FROM schema_migration');
  const version = Number(applied.getRows()[0]?.[0]);
  const known = migrationsIn(folder);
  const newest = known.at(-1)?.number ?? 0;
  if (version > newest) {
    throw new Error(
      `The warehouse has schema ${version}, and this version of Slicehouse knows schemas up to ${newest}. Run the newer version that made it.`,
    );
  }
  for (const { number, sql } of known.filter((migration) => migration.number > version)) {
    await connection.run('BEGIN');
    try {
      await connection.run(sql);
      await connection.run('INSERT INTO schema_migration VALUES ($number, now()::TIMESTAMP)', { number });
      await connection.run('COMMIT');
    } catch (error) {
      // A commit that fails has rolled back by itself.
      await connection.run('ROLLBACK').catch(() => undefined);
      throw new Error(`Migration ${number} of the warehouse failed; it is as it was before.`, { cause: error });
    }
  }
}
