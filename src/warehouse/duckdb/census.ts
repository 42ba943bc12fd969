import type { DuckDBConnection } from '@duckdb/node-api';
import type { CensusImport } from '../warehouse.ts';

const columns = `{geoid: 'VARCHAR', name: 'VARCHAR', state: 'VARCHAR', population_2020: 'BIGINT', population: 'BIGINT',
  population_year: 'SMALLINT', households: 'BIGINT', households_year: 'SMALLINT', median_household_income: 'BIGINT',
  median_household_income_year: 'SMALLINT', median_age: 'DOUBLE', median_age_year: 'SMALLINT', land_sq_km: 'DOUBLE',
  vintage: 'VARCHAR', source: 'VARCHAR'}`;

/**
 * Replaces every census table inside the caller's transaction.
 *
 * @throws Error when a file does not have as many rows as its vintage says
 */
export async function replaceCensus(connection: DuckDBConnection, tables: CensusImport): Promise<number> {
  let total = 0;
  for (const [table, { path, rows }] of Object.entries(tables)) {
    await connection.run(`DELETE FROM ${table}`);
    await connection.run(
      `INSERT INTO ${table} SELECT * FROM read_json($path, format = 'newline_delimited', columns = ${columns})`,
      { path },
    );
    const count = await connection.runAndReadAll(`SELECT COUNT(*) FROM ${table}`);
    const read = Number(count.getRows()[0]?.[0]);
    if (read !== rows) throw new Error(`The file of ${table} has ${read} rows; its vintage says ${rows}.`);
    total += read;
  }
  await connection.run('UPDATE reference_version SET version = version + 1');
  return total;
}
