import type { DuckDBConnection } from '@duckdb/node-api';

/** Runs a task between BEGIN and COMMIT; whatever it throws rolls everything back. */
export async function transaction<T>(connection: DuckDBConnection, task: () => Promise<T>): Promise<T> {
  await connection.run('BEGIN');
  try {
    const result = await task();
    await connection.run('COMMIT');
    return result;
  } catch (error) {
    await connection.run('ROLLBACK').catch(() => undefined);
    throw error;
  }
}
