import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { grantRoles } from '../../src/apps/cloud/database-roles.ts';
import { type Postgres, startPostgres } from './support/postgres.ts';

let postgres: Postgres;
let admin: pg.Client;
beforeAll(async () => {
  postgres = await startPostgres();
  admin = new pg.Client(postgres.connection);
  await admin.connect();
  // Redshift's view of its roles.
  await admin.query('CREATE VIEW svv_roles AS SELECT rolname AS role_name FROM pg_roles');
  await admin.query('CREATE TABLE order_line (order_key BIGINT)');
  // As Redshift has it from the start.
  await admin.query('GRANT CREATE ON SCHEMA public TO PUBLIC');
  await grantRoles(database);
});
afterAll(async () => {
  await admin?.end();
  await postgres?.stop();
});

/** The statements on PostgreSQL, which says GRANT … TO a role without the word, and has no right to VACUUM. */
const database = {
  query: async (sql: string) =>
    /GRANT (VACUUM|ANALYZE)/.test(sql) ? [] : (await admin.query(sql.replace('TO ROLE', 'TO'))).rows,
};

async function as(role: string, sql: string): Promise<number | null> {
  await admin.query(`SET ROLE ${role}`);
  try {
    return (await admin.query(sql)).rowCount;
  } finally {
    await admin.query('RESET ROLE');
  }
}

describe('database roles', () => {
  it('let the writer change rows and use temporary tables', async () => {
    await expect(as('slicehouse_writer', 'INSERT INTO order_line VALUES (1), (2)')).resolves.toBe(2);
    await expect(as('slicehouse_writer', 'DELETE FROM order_line WHERE order_key = 2')).resolves.toBe(1);
    await expect(as('slicehouse_writer', 'CREATE TEMP TABLE arrived (n INTEGER)')).resolves.toBeNull();
    await expect(as('slicehouse_writer', 'LOCK order_line')).rejects.toThrow('transaction');
  });

  it('let the reader read, and nothing else', async () => {
    await expect(as('slicehouse_reader', 'SELECT * FROM order_line')).resolves.toBe(1);
    for (const sql of [
      'INSERT INTO order_line VALUES (3)',
      'UPDATE order_line SET order_key = 3',
      'DELETE FROM order_line',
    ])
      await expect(as('slicehouse_reader', sql)).rejects.toThrow('permission denied');
  });

  it.each(['slicehouse_reader', 'slicehouse_writer'])('let %s neither make nor drop tables', async (role) => {
    await expect(as(role, 'CREATE TABLE mine (n INTEGER)')).rejects.toThrow('permission denied');
    await expect(as(role, 'DROP TABLE order_line')).rejects.toThrow('must be owner');
  });

  it('can be made again, and take in tables that a migration added', async () => {
    await admin.query('CREATE TABLE added_later (n INTEGER)');
    await expect(as('slicehouse_reader', 'SELECT * FROM added_later')).rejects.toThrow('permission denied');
    await grantRoles(database);
    await expect(as('slicehouse_reader', 'SELECT * FROM added_later')).resolves.toBe(0);
  });
});
