import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { DuckDBInstance } from '@duckdb/node-api';
import { describe, expect, it } from 'vitest';
import type { House } from '../../src/apps/house.ts';
import { rebuildWarehouse } from '../../src/apps/rebuild/rebuild-warehouse.ts';
import { openDatabase } from '../../src/warehouse/duckdb/open-database.ts';
import { rowsOf, testHouses } from '../support/houses.ts';
import { temporaryFolders } from '../support/temporary-folders.ts';

const newFolder = temporaryFolders();
const newHouse = testHouses();
const here = new URL('.', import.meta.url);

/** Rows by report, as the version that made the folder answered them. */
const answered = JSON.parse(readFileSync(new URL('schema-1-reports.json', here), 'utf8')) as Record<string, unknown[]>;

/** The data folder of a server of version 0.1.0 that was killed: orders wait in its log and in its segment files. */
const unpacked = (): string => {
  const folder = newFolder();
  execFileSync('tar', ['xzf', new URL('schema-1.tar.gz', here).pathname, '-C', folder]);
  return folder;
};

const expectTheSame = async (house: House): Promise<void> => {
  for (const [report, rows] of Object.entries(answered)) {
    const now = await rowsOf(house, report);
    expect(now.map((row, index) => pick(row, rows[index]))).toEqual(rows);
  }
};

/** Later versions may have more columns. */
function pick(row: Record<string, unknown>, like: unknown): unknown {
  return Object.fromEntries(Object.keys(like ?? {}).map((name) => [name, row[name]]));
}

describe('a data folder of schema 1', () => {
  it('was answered with something', () => {
    expect(Object.keys(answered)).toHaveLength(5);
    for (const rows of Object.values(answered)) expect(rows.length).toBeGreaterThan(0);
  });

  it('gives the same reports', async () => {
    await expectTheSame(await newHouse({ dataDir: unpacked() }));
  });

  it('gives the same reports when its warehouse is made anew, from segment files and from the archive', async () => {
    const dataDir = unpacked();
    const first = await newHouse({ dataDir });
    await first.close();
    await rebuildWarehouse(first.config);
    const second = await newHouse({ dataDir });
    await expectTheSame(second);
    await second.archiveAll();
    await second.close();
    rmSync(join(dataDir, 'warehouse.duckdb'));
    expect(readdirSync(join(dataDir, 'segments'))).toEqual([]);
    await rebuildWarehouse(second.config);
    await expectTheSame(await newHouse({ dataDir }));
  });

  it('can be made anew before any start of this version', async () => {
    const dataDir = unpacked();
    const { config } = await newHouse();
    await rebuildWarehouse({ ...config, dataDir });
    await expectTheSame(await newHouse({ dataDir }));
  });

  it('stays as it is when a migration fails', async () => {
    const folder = unpacked();
    const path = join(folder, 'warehouse.duckdb');
    const migrations = join(newFolder(), 'migrations');
    mkdirSync(migrations);
    const own = new URL('../../src/warehouse/duckdb/migrations/', import.meta.url);
    cpSync(new URL('0001-orders.sql', own), join(migrations, '0001-orders.sql'));
    writeFileSync(join(migrations, '0002-broken.sql'), 'DROP TABLE order_line; SELECT no_such_column FROM order_head;');
    const options = { path, folder, memoryLimitMb: 512, threads: 1 };
    const broken = { ...options, migrations: pathToFileURL(`${migrations}/`) };
    await expect(openDatabase(broken)).rejects.toThrow('Migration 2 of the warehouse failed; it is as it was before.');
    expect(await schemaOf(path)).toBe(1);
    await expectTheSame(await newHouse({ dataDir: folder }));
  });

  it('is refused by a version that does not know its schema, in words', async () => {
    const folder = unpacked();
    const path = join(folder, 'warehouse.duckdb');
    const instance = await DuckDBInstance.create(path);
    const connection = await instance.connect();
    await connection.run('INSERT INTO schema_migration VALUES (9999, now()::TIMESTAMP)');
    connection.closeSync();
    instance.closeSync();
    await expect(newHouse({ dataDir: folder })).rejects.toThrow(
      /has schema 9999, .* Run the newer version that made it/,
    );
  });
});

async function schemaOf(path: string): Promise<number> {
  const instance = await DuckDBInstance.create(path, { access_mode: 'READ_ONLY' });
  try {
    const connection = await instance.connect();
    const reader = await connection.runAndReadAll('SELECT MAX(number) FROM schema_migration');
    return Number(reader.getRows()[0]?.[0]);
  } finally {
    instance.closeSync();
  }
}
