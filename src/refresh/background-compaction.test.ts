import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { WarehouseBench } from '../../test/conformance/warehouse-bench.ts';
import { anOrder, delivered } from '../../test/support/orders.ts';
import { temporaryFolders } from '../../test/support/temporary-folders.ts';
import { createLog } from '../runtime/log.ts';
import { DuckdbWarehouse } from '../warehouse/duckdb/duckdb-warehouse.ts';
import { BackgroundCompaction } from './background-compaction.ts';

const newFolder = temporaryFolders();
const closing: Array<() => Promise<void>> = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function compactionOf(
  backlog: () => number,
): Promise<{ bench: WarehouseBench; compaction: BackgroundCompaction }> {
  const open = (folder: string): Promise<DuckdbWarehouse> =>
    DuckdbWarehouse.open({ path: join(folder, 'warehouse.duckdb'), folder, memoryLimitMb: 512 });
  const bench = await new WarehouseBench(open, newFolder()).open();
  const options = { warehouse: bench.warehouse, log: createLog('silent'), now: Date.now, everyMs: 5, ordersMin: 2 };
  const compaction = new BackgroundCompaction({ ...options, backlog });
  closing.push(async () => {
    await compaction.stop();
    await bench.close();
  });
  return { bench, compaction };
}

const load = (bench: WarehouseBench): Promise<unknown> =>
  bench.load([delivered(anOrder({ order_id: 'A-1' })), delivered(anOrder({ order_id: 'A-2' }))]);

it('begins when enough has been loaded, and not before', async () => {
  const { bench, compaction } = await compactionOf(() => 0);
  await load(bench);
  compaction.loaded(1);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(compaction.status()).toMatchObject({ running: false, due: false, last_at: null });
  compaction.loaded(1);
  await expect.poll(() => compaction.status()).toMatchObject({ due: false, running: false, lines: 2, total: 2 });
  expect(compaction.status().last_at).not.toBeNull();
});

it('lets loading go first', async () => {
  let backlog = 1_000_000;
  const { bench, compaction } = await compactionOf(() => backlog);
  await load(bench);
  compaction.loaded(2);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(compaction.status()).toMatchObject({ running: false, due: true });
  backlog = 0;
  await expect.poll(() => compaction.status()).toMatchObject({ due: false, lines: 2 });
});
