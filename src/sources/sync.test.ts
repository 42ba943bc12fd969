import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { testMariaDb } from '../../test/support/mariadb.ts';
import { failureOf } from '../../test/support/reference-source.ts';
import { temporaryFolders } from '../../test/support/temporary-folders.ts';
import { DuckdbWarehouse } from '../warehouse/duckdb/duckdb-warehouse.ts';
import { MySqlSource } from './mysql/mysql-source.ts';
import { readMySqlMapping } from './mysql/read-mapping.ts';
import { keyOf, type ReferenceTable } from './source.ts';
import { type FailedTable, type SyncedTable, type SyncOptions, type SyncTarget, sync } from './sync.ts';

const server = testMariaDb();
const newFolder = temporaryFolders();

/** Keeps what it is given in memory. */
class Shelf implements SyncTarget {
  readonly tables = new Map<ReferenceTable, Map<string, Record<string, unknown>>>();
  upserts = 0;

  upsertStores = (path: string) => this.#upsert('stores', path);
  upsertCustomers = (path: string) => this.#upsert('customers', path);
  upsertMenuItems = (path: string) => this.#upsert('menu_items', path);

  async removeMissing(table: ReferenceTable, keysPath: string): Promise<void> {
    const there = new Set(linesOf(keysPath).map((line) => String(line[keyOf[table]])));
    for (const key of this.ids(table)) if (!there.has(key)) this.tables.get(table)?.delete(key);
  }

  ids(table: ReferenceTable): string[] {
    return [...(this.tables.get(table)?.keys() ?? [])].sort();
  }

  async #upsert(table: ReferenceTable, path: string): Promise<void> {
    this.upserts += 1;
    const rows = this.tables.get(table) ?? new Map();
    for (const line of linesOf(path)) rows.set(String(line[keyOf[table]]), line);
    this.tables.set(table, rows);
  }
}

const linesOf = (path: string): Record<string, unknown>[] =>
  readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

function sourceOf(mapping = ''): MySqlSource {
  const connection = `connection: { host: 127.0.0.1, port: ${server().port}, user: reader, database: shop }`;
  return new MySqlSource({
    mapping: readMySqlMapping(`${connection}\n${mapping}`, 'test.yaml'),
    environment: { SLICEHOUSE_MYSQL_PASSWORD: server().password },
    retry: { attemptsMax: 2, firstWaitMs: 10, waitMsMax: 10 },
  });
}

/** Synchronises again and again with one state. */
function newSync(target: SyncTarget, mapping = '') {
  const folder = newFolder();
  const statePath = join(newFolder(), 'sync.json');
  const run = async (options: Partial<SyncOptions> = {}) => {
    const { tables } = await sync({ source: sourceOf(mapping), target, folder, statePath, ...options });
    expect(readdirSync(folder).filter((name) => name.endsWith('.ndjson'))).toEqual([]);
    return tables;
  };
  return { run, statePath, folder };
}

const outcomes = (tables: readonly (SyncedTable | FailedTable)[]): string[] =>
  tables.map(({ table, outcome }) => `${table} ${outcome}`);
const synced = (tables: readonly (SyncedTable | FailedTable)[], name: ReferenceTable): SyncedTable => {
  const found = tables.find(({ table }) => table === name);
  if (found?.outcome !== 'synced') throw found?.error ?? new Error(`${name} was not synchronised.`);
  return found;
};

beforeEach(async () => {
  await server().reset();
  await server().run(
    'CREATE TABLE stores (store_id VARCHAR(20) PRIMARY KEY, state TEXT, updated_at DATETIME)',
    'CREATE TABLE customers (customer_id VARCHAR(20) PRIMARY KEY, state TEXT, updated_at TIMESTAMP(6) NULL)',
    "INSERT INTO stores VALUES ('s-1', 'TX', UTC_TIMESTAMP()), ('s-2', 'Ontario', UTC_TIMESTAMP())",
    "INSERT INTO customers VALUES ('c-1', 'TX', NOW() - INTERVAL 1 DAY), ('c-2', 'NY', NOW() - INTERVAL 1 DAY), ('c-3', 'NY', NOW())",
  );
});

describe('a sync', () => {
  it('takes everything first, then what changed and the overlap', async () => {
    const shelf = new Shelf();
    const { run } = newSync(shelf);
    const first = await run();
    expect(synced(first, 'stores')).toMatchObject({ read: 2, changed: 1, faulty: 1, isWhole: true, keys: null });
    expect(synced(first, 'stores').faults).toMatchObject([
      { table: 'stores', key: 's-2', faults: [{ path: '/state' }] },
    ]);
    expect(synced(first, 'customers')).toMatchObject({ read: 3, changed: 3, faulty: 0, isWhole: true });
    await server().run("UPDATE customers SET state = 'CA', updated_at = NOW() WHERE customer_id = 'c-1'");
    const second = await run();
    expect(synced(second, 'customers')).toMatchObject({ read: 2, changed: 2, isWhole: false });
    expect(shelf.tables.get('customers')?.get('c-1')).toMatchObject({ home_state: 'CA' });
    expect(Date.parse(synced(second, 'customers').watermark.through)).toBeGreaterThan(
      Date.parse(synced(first, 'customers').watermark.through),
    );
    expect(synced(await run({ whole: true }), 'customers')).toMatchObject({ read: 3, isWhole: true });
  });

  it('catches a row that is committed late with an older time', async () => {
    const shelf = new Shelf();
    const { run } = newSync(shelf);
    const writer = await server().connect();
    try {
      await writer.query('START TRANSACTION');
      await writer.query("INSERT INTO customers VALUES ('c-late', 'WY', NOW() - INTERVAL 2 MINUTE)");
      await run();
      expect(shelf.ids('customers')).toEqual(['c-1', 'c-2', 'c-3']);
      await writer.query('COMMIT');
    } finally {
      await writer.end();
    }
    expect(synced(await run(), 'customers').isWhole).toBe(false);
    expect(shelf.ids('customers')).toEqual(['c-1', 'c-2', 'c-3', 'c-late']);
  });

  it('finds deletes when it is told to look for them, and keeps rows that have become faulty', async () => {
    const shelf = new Shelf();
    const { run } = newSync(shelf);
    await run();
    await server().run(
      "DELETE FROM customers WHERE customer_id = 'c-2'",
      "UPDATE stores SET state = 'nowhere', updated_at = UTC_TIMESTAMP()",
    );
    expect(synced(await run(), 'customers').keys).toBeNull();
    expect(shelf.ids('customers')).toEqual(['c-1', 'c-2', 'c-3']);
    const reconciled = await run({ reconcile: true });
    expect(synced(reconciled, 'customers').keys).toBe(2);
    expect(synced(reconciled, 'stores')).toMatchObject({ keys: 2, faulty: 2 });
    expect(shelf.ids('customers')).toEqual(['c-1', 'c-3']);
    expect(shelf.ids('stores')).toEqual(['s-1']);
  });

  it('does not take an empty table for the wish to remove everything', async () => {
    const shelf = new Shelf();
    const { run } = newSync(shelf);
    await run();
    await server().run('TRUNCATE TABLE customers');
    const tables = await run({ reconcile: true });
    expect(outcomes(tables)).toEqual(['stores synced', 'customers failed']);
    expect(tables[1]).toMatchObject({ error: { message: expect.stringContaining('has no customers at all') } });
    expect(shelf.ids('customers')).toEqual(['c-1', 'c-2', 'c-3']);
  });

  it('reads again what the warehouse did not take', async () => {
    const shelf = new Shelf();
    const { run } = newSync(shelf);
    const refusing = {
      upsertStores: shelf.upsertStores,
      upsertCustomers: () => Promise.reject(new Error('disk full')),
    };
    const tables = await run({ target: refusing });
    expect(tables[1]).toMatchObject({ outcome: 'failed', watermark: null, error: { message: 'disk full' } });
    expect(synced(await run(), 'customers')).toMatchObject({ read: 3, isWhole: true });
  });

  it('leaves a table that cannot be read as it was, and goes on with the others', async () => {
    const shelf = new Shelf();
    const { run } = newSync(shelf);
    const before = synced(await run(), 'stores').watermark;
    await server().run(
      'ALTER TABLE stores CHANGE state region TEXT',
      "INSERT INTO customers VALUES ('c-4', 'OH', NOW())",
    );
    const tables = await run({ reconcile: true });
    expect(outcomes(tables)).toEqual(['stores failed', 'customers synced']);
    expect(tables[0]).toMatchObject({ watermark: before, error: { kind: 'shape' } });
    expect(shelf.ids('stores')).toEqual(['s-1']);
    expect(shelf.ids('customers')).toContain('c-4');
  });

  it('with a server that is down fails soon, once for all tables, and keeps what there is', async () => {
    const shelf = new Shelf();
    const { run } = newSync(shelf);
    await run();
    await server().stop();
    try {
      const tables = await run({ reconcile: true });
      expect(outcomes(tables)).toEqual(['stores failed', 'customers failed']);
      expect(tables.map((table) => table.watermark)).not.toContain(null);
      expect((tables[0] as FailedTable).error).toBe((tables[1] as FailedTable).error);
    } finally {
      await server().start();
    }
    expect(outcomes(await run())).toEqual(['stores synced', 'customers synced']);
  });

  it('hands nothing over when the read breaks in the middle', async () => {
    const shelf = new Shelf();
    const { run } = newSync(shelf);
    await server().run("INSERT INTO customers SELECT CONCAT('n-', seq), 'TX', NOW() FROM seq_1_to_30000");
    let isStopped: Promise<void> | undefined;
    const onProgress: SyncOptions['onProgress'] = ({ table, read }) => {
      if (table === 'customers' && read >= 2_000)
        isStopped ??= server().run("DROP USER reader@'%'", 'KILL USER reader');
    };
    const tables = await run({ onProgress });
    await isStopped;
    await server().run(
      `CREATE USER reader@'%' IDENTIFIED BY '${server().password.replace(/['\\]/g, '\\$&')}'`,
      "GRANT SELECT ON shop.* TO reader@'%'",
    );
    expect(outcomes(tables)).toEqual(['stores synced', 'customers failed']);
    expect(shelf.ids('customers')).toEqual([]);
    expect(synced(await run(), 'customers').changed).toBe(30_003);
  });

  it('ends by a signal with its reason', async () => {
    const controller = new AbortController();
    const reason = new Error('stopping');
    const { run } = newSync(new Shelf());
    const onProgress = () => controller.abort(reason);
    expect(await failureOf(run({ signal: controller.signal, onProgress }))).toBe(reason);
  });

  it.each(['', '{', '{"source":"another","tables":{}}', '{"tables":[]}'])(
    'starts anew from a state of "%s"',
    async (state) => {
      const { run, statePath } = newSync(new Shelf());
      await run();
      writeFileSync(statePath, state);
      expect(synced(await run(), 'customers').isWhole).toBe(true);
    },
  );

  it('reads menu items where somebody takes them', async () => {
    await server().run(
      'CREATE TABLE menu (id INT PRIMARY KEY, title TEXT, cost DECIMAL(8, 2))',
      "INSERT INTO menu VALUES (1, 'Margherita', 3.20)",
    );
    const mapping = 'menu_items: { table: menu, columns: { menu_item_id: id, menu_item: title, unit_cost: cost } }';
    const shelf = new Shelf();
    const { upsertStores, upsertCustomers } = shelf;
    expect(outcomes(await newSync({ upsertStores, upsertCustomers }, mapping).run())).toEqual([
      'stores synced',
      'customers synced',
    ]);
    await newSync(shelf, mapping).run();
    expect(shelf.tables.get('menu_items')?.get('1')).toMatchObject({ menu_item: 'Margherita', unit_cost_cents: 320 });
  });

  it('reads the menu whole each time, because the warehouse replaces it', async () => {
    await server().run(
      'CREATE TABLE menu_items (menu_item_id VARCHAR(9) PRIMARY KEY, menu_item TEXT, unit_cost TEXT, updated_at TIMESTAMP)',
      "INSERT INTO menu_items VALUES ('m-1', 'Supreme', '4', '2026-01-01'), ('m-2', 'Knots', '1', '2026-01-01'), ('m-3', 'Cola', '1', '2026-01-01')",
    );
    const folder = newFolder();
    const warehouse = await DuckdbWarehouse.open({ path: join(folder, 'w.duckdb'), folder, memoryLimitMb: 256 });
    const { upsertStores, upsertCustomers } = new Shelf();
    const upsertMenuItems = (path: string) => warehouse.replaceMenuItems(path);
    const { run } = newSync({ upsertStores, upsertCustomers, upsertMenuItems }, 'menu_items: {}');
    const menu = async () => {
      const rows = await warehouse.query('SELECT menu_item_id, unit_cost_cents FROM menu_item ORDER BY 1');
      return rows.map((row) => [row['menu_item_id'], row['unit_cost_cents']]);
    };
    try {
      await run({ folder });
      await server().run("UPDATE menu_items SET unit_cost = '2.5', updated_at = NOW() WHERE menu_item_id = 'm-2'");
      const second = await run({ folder });
      expect(await menu()).toEqual(Object.entries({ 'm-1': 400, 'm-2': 250, 'm-3': 100 }));
      expect(synced(second, 'menu_items')).toMatchObject({ read: 3, isWhole: true });
      await server().run("DELETE FROM menu_items WHERE menu_item_id = 'm-3'");
      await run({ folder });
      expect(await menu()).toEqual(Object.entries({ 'm-1': 400, 'm-2': 250 }));
    } finally {
      await warehouse.close();
    }
  });

  it('makes files that the warehouse takes', async () => {
    const folder = newFolder();
    const warehouse = await DuckdbWarehouse.open({ path: join(folder, 'w.duckdb'), folder, memoryLimitMb: 256 });
    try {
      await newSync(warehouse).run({ folder });
      expect(await warehouse.query('SELECT store_id, state FROM store')).toEqual([{ store_id: 's-1', state: 'TX' }]);
      expect(await warehouse.query('SELECT customer_id, home_state FROM customer ORDER BY 1')).toEqual([
        { customer_id: 'c-1', home_state: 'TX' },
        { customer_id: 'c-2', home_state: 'NY' },
        { customer_id: 'c-3', home_state: 'NY' },
      ]);
    } finally {
      await warehouse.close();
    }
  });
});
