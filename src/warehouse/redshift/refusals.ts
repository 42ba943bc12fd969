import type { DataApi } from './data-api.ts';
import { StatementError } from './data-api-errors.ts';
import { sqlFile } from './sql-file.ts';
import { createStaged, type StagedRows, stagedTables } from './stage-records.ts';
import type { Staging } from './staging.ts';
import { statement } from './statements.ts';

const refusedRows = sqlFile('refused-rows');
/** The most that COPY counts. */
const errorsMax = 100_000;

/**
 * Finds the records whose rows made a load fail. COPY stops at the first, so the files are copied once more, to
 * nowhere, in a way that names them all; then Redshift's error table is read.
 *
 * @returns by the record's position, what Redshift says of it; nothing when it was not COPY that failed
 */
export async function findRefusals(
  dataApi: DataApi,
  staging: Staging,
  rows: StagedRows,
  error: unknown,
): Promise<Map<number, string>> {
  const refusals = new Map<number, string>();
  if (!(error instanceof StatementError) || !/\n\s*COPY /.test(error.message)) return refusals;
  const filled = stagedTables.filter((table) => rows[table].length > 0);
  await dataApi.batch(filled.flatMap((table) => [statement(createStaged[table]), staging.copy(table, errorsMax)]));
  const found = await dataApi.query(refusedRows, { folder: staging.folder });
  for (const row of found) {
    const file = String(row['file_name']).trim();
    const table = stagedTables.find((name) => staging.rowAt(name, file, 1) !== undefined);
    const index = table && staging.rowAt(table, file, Number(row['line_number']));
    const position = table && index !== undefined ? rows[table][index]?.['position'] : undefined;
    if (typeof position !== 'number' || refusals.has(position)) continue;
    refusals.set(position, `${String(row['column_name']).trim()}: ${String(row['error_message']).trim()}.`);
  }
  return refusals;
}
