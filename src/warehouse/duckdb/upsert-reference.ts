import type { DuckDBConnection } from '@duckdb/node-api';
import { resolvedSql, sqlFile } from './sql-file.ts';

const updateLines = sqlFile('update-resolved-lines');
const updateHeads = sqlFile('update-resolved-heads');

/** The statements that differ between stores and customers. */
interface Upsert {
  readonly incoming: string;
  readonly changed: string;
  readonly resolved: string;
  readonly replace: readonly string[];
}

const stores: Upsert = {
  incoming: sqlFile('incoming-stores'),
  changed: sqlFile('changed-stores'),
  resolved: resolvedSql('of-stores'),
  replace: [
    'DELETE FROM store WHERE store_id IN (SELECT store_id FROM incoming)',
    'INSERT INTO store SELECT * EXCLUDE (position) FROM incoming',
  ],
};

const customers: Upsert = {
  incoming: sqlFile('incoming-customers'),
  changed: sqlFile('changed-customers'),
  resolved: resolvedSql('of-customers'),
  replace: [
    'DELETE FROM customer WHERE customer_id IN (SELECT customer_id FROM incoming)',
    'INSERT INTO customer SELECT * EXCLUDE (position) FROM incoming',
  ],
};

export function upsertStores(connection: DuckDBConnection, path: string): Promise<void> {
  return upsert(connection, stores, path);
}

export function upsertCustomers(connection: DuckDBConnection, path: string): Promise<void> {
  return upsert(connection, customers, path);
}

/** Runs inside the caller's transaction: new facts in, then the orders they concern move to where they count. */
async function upsert(connection: DuckDBConnection, statements: Upsert, path: string): Promise<void> {
  await connection.run(statements.incoming, { path });
  await connection.run(statements.changed);
  for (const statement of statements.replace) await connection.run(statement);
  await connection.run('UPDATE reference_version SET version = version + 1');
  await connection.run(statements.resolved);
  const concerned = await connection.runAndReadAll('SELECT COUNT(*) FROM resolved');
  if (Number(concerned.getRows()[0]?.[0]) === 0) return;
  await connection.run(updateLines);
  await connection.run(updateHeads);
}
