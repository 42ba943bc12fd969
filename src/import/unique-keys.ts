import type { DuckDBConnection } from '@duckdb/node-api';
import { ImportError } from './import-error.ts';
import type { Hop } from './join-plan.ts';
import { labelOf } from './table.ts';

/**
 * Makes sure that a table that is looked up has one row for every key, so that joining it multiplies nothing:
 * of equal rows one stays; of different ones that which `keep` names.
 *
 * @throws ImportError when rows differ and the mapping does not say which to keep
 */
export async function makeUnique(connection: DuckDBConnection, { table, on }: Hop): Promise<void> {
  const keys = on.map(({ own }) => own);
  const present = keys.map((key) => `${key} IS NOT NULL`).join(' AND ');
  const content = table.wanted.map((_, index) => `c${index}`).join(', ');
  const repeated = await connection.runAndReadAll(
    `SELECT count(DISTINCT row(${content})) AS contents, min(row), max(row), concat_ws(', ', ${keys.join(', ')})
     FROM ${table.sql} WHERE ${present}
     GROUP BY ${keys.join(', ')} HAVING count(*) > 1 ORDER BY contents DESC LIMIT 1`,
  );
  const [worst] = repeated.getRows();
  if (!worst) return;
  const [contents, first, last, key] = worst;
  const { keep } = table.spec;
  if (Number(contents) > 1 && keep === undefined) {
    throw new ImportError(
      `${labelOf(table)} has different rows (such as ${first} and ${last}) with the same ` +
        `${on.map(({ own }, index) => columnName(table.wanted, own) ?? index).join(', ')} "${key}". ` +
        `Say \`keep: first\` or \`keep: last\` in files.${table.name}, or join on more columns.`,
    );
  }
  const pick = keep === 'last' ? 'max(id)' : 'min(id)';
  await connection.run(
    `DELETE FROM ${table.sql} WHERE ${present}
     AND id NOT IN (SELECT ${pick} FROM ${table.sql} WHERE ${present} GROUP BY ${keys.join(', ')})`,
  );
}

function columnName(wanted: readonly string[], own: string): string | undefined {
  return wanted[Number(own.slice(1))];
}
