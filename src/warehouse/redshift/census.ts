import { randomUUID } from 'node:crypto';
import type { CensusImport, WriteStatement } from '../warehouse.ts';
import type { LoadTools } from './load-objects.ts';
import { readRows } from './reference-file.ts';
import { type StagedRow, Staging } from './staging.ts';
import { lock, nextVersion, statement } from './statements.ts';

/**
 * Replaces every census table in one transaction, so that reports never see half a vintage.
 *
 * @throws Error when a file does not have as many rows as its vintage says
 */
export async function replaceCensus(tools: LoadTools, tables: CensusImport): Promise<number> {
  const staging = new Staging(tools.staging, randomUUID());
  const statements: WriteStatement[] = [lock];
  let total = 0;
  for (const [table, { path, rows }] of Object.entries(tables)) {
    const read: StagedRow[] = [];
    for await (const row of readRows(path)) read.push(row);
    if (read.length !== rows)
      throw new Error(`The file of ${table} has ${read.length} rows; its vintage says ${rows}.`);
    statements.push(statement(`DELETE FROM ${table}`), ...(await staging.put(table, read)));
    total += read.length;
  }
  await tools.dataApi.batch([...statements, nextVersion]);
  return total;
}
