import { stat } from 'node:fs/promises';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { ReferenceTable } from '../warehouse.ts';
import { resolvedSql, sqlFile } from './sql-file.ts';

const updateLines = sqlFile('update-resolved-lines');
const updateHeads = sqlFile('update-resolved-heads');

/** The statements that differ between stores and customers. */
interface Upsert {
  readonly read: string;
  readonly incoming: string;
  readonly changed: string;
  readonly next: string;
  readonly resolved: string;
  readonly replace: readonly string[];
}

/** Closes versions that end, takes the newest ones out, and puts in what they are from now on. */
function replaceVersions(table: 'store' | 'customer'): string[] {
  const newest = `${table}.valid_to = TIMESTAMP '9999-12-31'`;
  const key = `${table}_id`;
  return [
    `UPDATE ${table} SET valid_to = n.valid_from FROM next_version n WHERE n.moved AND ${table}.${key} = n.${key} AND ${newest}`,
    `UPDATE ${table} SET valid_to = i.changed_at FROM incoming i WHERE i.gone AND ${table}.${key} = i.${key} AND ${newest}`,
    `DELETE FROM ${table} WHERE ${newest} AND ${key} IN (SELECT ${key} FROM next_version)`,
    `INSERT INTO ${table} BY NAME SELECT * EXCLUDE (moved) FROM next_version`,
  ];
}

/** What the rows of a file are from now on; the statement is the same for both tables. */
function nextVersion(table: 'store' | 'customer'): string {
  return sqlFile('next-version').replace(/\bentity/g, table);
}

const stores: Upsert = {
  read: sqlFile('read-stores'),
  incoming: sqlFile('incoming-stores'),
  changed: sqlFile('changed-stores'),
  next: nextVersion('store'),
  resolved: resolvedSql('of-stores'),
  replace: replaceVersions('store'),
};

const customers: Upsert = {
  read: sqlFile('read-customers'),
  incoming: sqlFile('incoming-customers'),
  changed: sqlFile('changed-customers'),
  next: nextVersion('customer'),
  resolved: resolvedSql('of-customers'),
  replace: replaceVersions('customer'),
};

/** About as much of a file at a time as fits into the smallest memory a warehouse may be given. */
const partBytesMax = 64 * 1024 * 1024;

/** Takes in a file of stores inside the caller's transaction, and moves the orders they concern to where they count. */
export function upsertStores(connection: DuckDBConnection, path: string, partBytes = partBytesMax): Promise<void> {
  return upsert(connection, stores, path, partBytes);
}

/** The same for customers. A file of millions is taken in parts of about `partBytes`, with the same outcome. */
export function upsertCustomers(connection: DuckDBConnection, path: string, partBytes = partBytesMax): Promise<void> {
  return upsert(connection, customers, path, partBytes);
}

async function upsert(
  connection: DuckDBConnection,
  statements: Upsert,
  path: string,
  partBytes: number,
): Promise<void> {
  const parts = Math.max(1, Math.ceil((await stat(path)).size / partBytes));
  await connection.run(statements.read, { path });
  for (let part = 0; part < parts; part += 1) {
    await connection.run(statements.incoming, { parts, part });
    await upsertIncoming(connection, statements);
  }
  // It would lie in memory until the next file.
  await connection.run('DROP TABLE file_row');
  await connection.run('UPDATE reference_version SET version = version + 1');
}

async function upsertIncoming(connection: DuckDBConnection, statements: Upsert): Promise<void> {
  await connection.run(statements.changed);
  await connection.run(statements.next);
  for (const statement of statements.replace) await connection.run(statement);
  await connection.run(statements.resolved);
  const concerned = await connection.runAndReadAll('SELECT COUNT(*) FROM resolved');
  if (Number(concerned.getRows()[0]?.[0]) === 0) return;
  await connection.run(updateLines);
  await connection.run(updateHeads);
}

const menuColumns = `{menu_item_id: 'VARCHAR', menu_item: 'VARCHAR', kind: 'VARCHAR', size: 'VARCHAR', unit_cost_cents: 'INTEGER',
  origin: 'VARCHAR', position: 'BIGINT'}`;

/** Replaces the whole menu inside the caller's transaction. */
export async function replaceMenuItems(connection: DuckDBConnection, path: string): Promise<void> {
  await connection.run('DELETE FROM menu_item');
  await connection.run(
    `INSERT INTO menu_item SELECT * EXCLUDE (position)
    FROM read_json($path, format = 'newline_delimited', columns = ${menuColumns})
    QUALIFY ROW_NUMBER() OVER (PARTITION BY menu_item_id ORDER BY position DESC) = 1`,
    { path },
  );
  await connection.run('UPDATE reference_version SET version = version + 1');
}

const tables: Readonly<Record<ReferenceTable, 'store' | 'customer'>> = { stores: 'store', customers: 'customer' };

/** The ids that came from a source and hold today, and are not in a file of the ids that it has. */
export async function findMissing(
  connection: DuckDBConnection,
  table: ReferenceTable,
  path: string,
  origin: string,
): Promise<string[]> {
  const name = tables[table];
  const reader = await connection.runAndReadAll(
    `SELECT e.${name}_id FROM ${name} e
    ANTI JOIN read_json($path, format = 'newline_delimited', columns = {${name}_id: 'VARCHAR'}) f
      ON f.${name}_id = e.${name}_id
    WHERE e.valid_to = TIMESTAMP '9999-12-31' AND e.origin = $origin
    ORDER BY 1`,
    { origin, path },
  );
  return reader.getRows().map(([id]) => String(id));
}
