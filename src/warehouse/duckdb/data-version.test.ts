import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolders } from '../../../test/support/temporary-folders.ts';
import { DuckdbWarehouse } from './duckdb-warehouse.ts';

const newFolder = temporaryFolders();

const store = { store_id: 's-1', state: 'TX', time_zone: 'America/Chicago', closeout_hour: 4 };
const customer = { customer_id: 'c-1', home_state: 'TX' };
const menuItem = { menu_item_id: 'm-1', menu_item: 'Supreme', unit_cost_cents: 412 };

it.each([
  ['stores', store, (warehouse: DuckdbWarehouse, path: string) => warehouse.upsertStores(path)],
  ['customers', customer, (warehouse: DuckdbWarehouse, path: string) => warehouse.upsertCustomers(path)],
  ['the menu', menuItem, (warehouse: DuckdbWarehouse, path: string) => warehouse.replaceMenuItems(path)],
])('the data version goes up with %s, and is the same when the warehouse is opened anew', async (_what, row, put) => {
  const folder = newFolder();
  const open = () => DuckdbWarehouse.open({ path: join(folder, 'w.duckdb'), folder, memoryLimitMb: 256 });
  const file = join(folder, 'rows.ndjson');
  writeFileSync(file, JSON.stringify({ ...row, changed_at: null, origin: 'mysql', position: 0 }));
  const before = await open();
  await put(before, file);
  await put(before, file);
  const status = before.status();
  await before.close();
  const after = await open();
  try {
    expect(status.dataVersion).toBe(2);
    expect(after.status()).toEqual(status);
  } finally {
    await after.close();
  }
});
