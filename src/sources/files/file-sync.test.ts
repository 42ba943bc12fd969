import { rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolders } from '../../../test/support/temporary-folders.ts';
import { DuckdbWarehouse } from '../../warehouse/duckdb/duckdb-warehouse.ts';
import { type SyncedTable, type SyncTarget, sync } from '../sync.ts';
import { FileSource } from './file-source.ts';

const newFolder = temporaryFolders();

/** A warehouse, and a way to bring a folder of files into it again and again. */
async function openSync() {
  const [folder, files] = [newFolder(), newFolder()];
  const warehouse = await DuckdbWarehouse.open({ path: join(folder, 'w.duckdb'), folder, memoryLimitMb: 256 });
  const missing: string[] = [];
  const target: SyncTarget = {
    upsertStores: (path) => warehouse.upsertStores(path),
    upsertCustomers: (path) => warehouse.upsertCustomers(path),
    upsertMenuItems: (path) => warehouse.replaceMenuItems(path),
    removeMissing: async (table, path) => {
      if (table === 'menu_items') expect(await readFile(path, 'utf8')).toContain('menu_item_id');
      else missing.push(...(await warehouse.findMissing(table, path, 'files')));
    },
  };
  const source = new FileSource({ folder: files });
  return {
    missing,
    warehouse,
    write: (name: string, text: string) => writeFileSync(join(files, name), text),
    remove: (name: string) => rmSync(join(files, name)),
    async run() {
      const { tables } = await sync({ source, target, folder, statePath: join(folder, 'sync.json'), reconcile: true });
      return tables.map((table) => (table.outcome === 'failed' ? table.error.message : brief(table)));
    },
    [Symbol.asyncDispose]: () => warehouse.close(),
  };
}

const brief = ({ table, changed, faulty, keys }: SyncedTable): string => `${table} ${changed} ${faulty} ${keys}`;

it('brings files into the warehouse, then what has changed, and finds what is gone', async () => {
  await using house = await openSync();
  const { warehouse } = house;
  house.write('stores.csv', 'store_id,state,name\ns-1,Texas,"Downtown, 6th"\ns-2,Ontario,\n');
  house.write(
    'customers.ndjson',
    '{"customer_id":"c-1","home_state":"TX","changed_at":"2026-01-01T00:00:00Z"}\n{"customer_id":"c-2","home_state":"NY"}\n',
  );
  house.write('menu_items.csv', 'menu_item_id,menu_item,kind,unit_cost_cents\nm-1,Supreme,pizza,412\n');
  expect(await house.run()).toEqual(['stores 1 1 2', 'customers 2 0 2', 'menu_items 1 0 1']);
  expect(await warehouse.query('SELECT store_id, name, state, time_zone, origin FROM store')).toEqual([
    { store_id: 's-1', name: 'Downtown, 6th', state: 'TX', time_zone: 'America/Chicago', origin: 'files' },
  ]);
  expect(await warehouse.query('SELECT menu_item, unit_cost_cents FROM menu_item')).toEqual([
    { menu_item: 'Supreme', unit_cost_cents: 412 },
  ]);

  house.write('customers.ndjson', '{"customer_id":"c-1","home_state":"CA","changed_at":"2026-06-01T00:00:00Z"}\n');
  expect(await house.run()).toEqual(['stores 0 0 2', 'customers 1 0 1', 'menu_items 0 0 1']);
  expect(house.missing).toEqual(['c-2']);
  const history = "SELECT home_state FROM customer WHERE customer_id = 'c-1' ORDER BY valid_from";
  expect(await warehouse.query(history)).toEqual([{ home_state: 'TX' }, { home_state: 'CA' }]);
  expect(await warehouse.query('SELECT COUNT(*) AS items FROM menu_item')).toEqual([{ items: 1 }]);
});

it('leaves a table as it was when its file is not right, and goes on with the others', async () => {
  await using house = await openSync();
  house.write('stores.csv', 'store_id,state\ns-1,TX\n');
  house.write('customers.csv', 'customer_id,home_state\nc-1,TX\n');
  expect(await house.run()).toEqual(['stores 1 0 1', 'customers 1 0 1']);
  house.write('stores.csv', 'store_id,region\ns-1,OK\n');
  house.write('customers.csv', 'customer_id,home_state\nc-1,OK\n');
  const [stores, customers] = await house.run();
  expect(stores).toContain('state: is needed');
  expect(customers).toBe('customers 1 0 1');
  expect(await house.warehouse.query('SELECT state FROM store')).toEqual([{ state: 'TX' }]);
  house.remove('stores.csv');
  expect(await house.run()).toEqual(['customers 0 0 1']);
});
