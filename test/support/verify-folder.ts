import { join } from 'node:path';
import type { Verification } from '../../src/contract/verification.ts';
import { LocalSegmentFolder } from '../../src/stream/local/local-segment-folder.ts';
import { verifyBooks } from '../../src/verify/verify-books.ts';
import { DuckdbWarehouse } from '../../src/warehouse/duckdb/duckdb-warehouse.ts';

/** Verifies a data folder as it lies there: nothing is loaded, recovered or archived before. */
export async function verifyFolder(folder: string): Promise<Verification> {
  const path = join(folder, 'warehouse.duckdb');
  const warehouse = await DuckdbWarehouse.open({ path, folder, memoryLimitMb: 512 });
  try {
    const segments = new LocalSegmentFolder(join(folder, 'segments'));
    return await verifyBooks({ warehouse, segments, archiveFolder: join(folder, 'archive') });
  } finally {
    await warehouse.close();
  }
}
