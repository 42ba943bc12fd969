import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { expect, it } from 'vitest';
import { temporaryFolders } from '../../../test/support/temporary-folders.ts';
import { openDatabase } from './open-database.ts';
import { upsertCustomers } from './upsert-reference.ts';

const newFolder = temporaryFolders();
const count = 500;

/** Customers of two files: some twice in one, then some moved, gone or new. */
const files = [
  Array.from({ length: count + 50 }, (_, position) => customer(position % count, position < count ? 'TX' : 'OK')),
  Array.from({ length: count }, (_, index) => ({
    ...customer(index + 100, index % 3 === 0 ? 'CA' : 'TX'),
    changed_at: '2026-02-08T00:00:00.000Z',
    gone: index % 7 === 0,
  })),
].map((rows) => rows.map((row, position) => ({ ...row, position })));

function customer(number: number, home_state: string) {
  return { customer_id: `c-${number}`, home_state, home_city: null, home_zip: null, changed_at: null, origin: 'mysql' };
}

it('a file that is taken in parts has the outcome of one that is taken whole', async () => {
  const [whole, inParts] = [await customersAfter(), await customersAfter(2_000)];
  expect(whole.length).toBeGreaterThan(count + 100);
  expect(inParts).toEqual(whole);
});

async function customersAfter(partBytes?: number): Promise<unknown[]> {
  const folder = newFolder();
  const instance = await openDatabase({ path: join(folder, 'w.duckdb'), folder, memoryLimitMb: 256, threads: 1 });
  const connection: DuckDBConnection = await instance.connect();
  try {
    for (const [index, rows] of files.entries()) {
      const path = join(folder, `${index}.ndjson`);
      writeFileSync(path, rows.map((row) => JSON.stringify(row)).join('\n'));
      await upsertCustomers(connection, path, partBytes);
    }
    return (await connection.runAndReadAll('SELECT * FROM customer ORDER BY ALL')).getRowsJson();
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
