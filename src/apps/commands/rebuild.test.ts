import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ask, post, postLines, testHouses } from '../../../test/support/houses.ts';
import { anOrder } from '../../../test/support/orders.ts';
import { catalogue } from '../../reports/catalogue.ts';
import { announceServer, withdrawServer } from '../data-folder.ts';
import type { House } from '../house.ts';
import { rebuildCommand } from './rebuild.ts';

const newHouse = testHouses();
afterEach(() => {
  vi.restoreAllMocks();
});

/** Runs `slicehouse rebuild --json` and gives what it prints. */
const rebuild = async (dataDir: string, ...more: string[]): Promise<Record<string, unknown>> => {
  let printed = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += String(text);
    return true;
  });
  const program = new Command().exitOverride();
  rebuildCommand(program);
  await program.parseAsync(['node', 'slicehouse', 'rebuild', '--data-dir', dataDir, '--json', ...more]);
  return JSON.parse(printed);
};

const putStores = (house: House, state: string) =>
  ask(house, '/v1/reference/stores', {
    method: 'PUT',
    headers: { 'content-type': 'application/x-ndjson' },
    body: JSON.stringify({ store_id: 's-1', state }),
  });

const answers = async (house: House): Promise<unknown[]> => {
  await house.settled();
  const rows: unknown[] = [];
  for (const { name } of catalogue) rows.push((await ask(house, `/v1/reports/${name}`)).json.rows);
  return rows;
};

/** A data folder with archived and unarchived orders, a moved store and a rejected record. */
const filledFolder = async (): Promise<{ dataDir: string; reports: unknown[] }> => {
  const house = await newHouse();
  await postLines(house, [anOrder(), anOrder({ order_id: 'A-2', store_id: 's-2' }), '{']);
  await putStores(house, 'CA');
  await house.settled();
  await house.archiveAll();
  await postLines(house, [anOrder({ revision: 2 }), anOrder({ order_id: 'A-3', status: 'voided' })]);
  await putStores(house, 'NM');
  const reports = await answers(house);
  await house.close();
  return { dataDir: house.config.dataDir, reports };
};

const warehouse = (dataDir: string): string => join(dataDir, 'warehouse.duckdb');

describe('slicehouse rebuild', () => {
  it('makes a lost warehouse anew, reference data included', async () => {
    const { dataDir, reports } = await filledFolder();
    rmSync(warehouse(dataDir));
    expect(await rebuild(dataDir)).toMatchObject({ records: 5, archive_batches: 1, reference_files: 2, missing: [] });
    const again = await newHouse({ dataDir });
    expect(await answers(again)).toEqual(reports);
    await post(again, anOrder({ order_id: 'A-4' }));
    expect((await answers(again)).length).toBe(reports.length);
  });

  it('keeps the warehouse of before until the new one has been opened', async () => {
    const { dataDir } = await filledFolder();
    const before = readFileSync(warehouse(dataDir));
    await rebuild(dataDir);
    expect(readFileSync(`${warehouse(dataDir)}.before-rebuild`).equals(before)).toBe(true);
    await newHouse({ dataDir });
    expect(readdirSync(dataDir).filter((name) => name.includes('rebuild'))).toEqual([]);
  });

  it('replaces a warehouse that cannot be read', async () => {
    const { dataDir, reports } = await filledFolder();
    writeFileSync(warehouse(dataDir), 'no database');
    await expect(newHouse({ dataDir })).rejects.toThrow(
      /cannot be opened.*\n.*slicehouse rebuild.*\n.*slicehouse restore/,
    );
    await rebuild(dataDir);
    expect(await answers(await newHouse({ dataDir }))).toEqual(reports);
  });

  it('refuses while a server has the folder, and names it', async () => {
    const house = await newHouse();
    announceServer(house.folder, { pid: process.pid, url: 'http://127.0.0.1:8360', token: '' });
    await expect(rebuild(house.config.dataDir)).rejects.toThrow(`process ${process.pid}, which serves it at http`);
    withdrawServer(house.folder);
  });

  it('refuses while another process has the warehouse open', async () => {
    const { dataDir } = await filledFolder();
    const hold = `import('@duckdb/node-api').then(async ({ DuckDBInstance }) => {
      globalThis.held = await DuckDBInstance.create(process.argv[1]);
      console.log('open');
      process.stdin.resume();
    })`;
    const other = spawn(process.execPath, ['-e', hold, warehouse(dataDir)], { stdio: ['pipe', 'pipe', 'inherit'] });
    try {
      await once(other.stdout, 'data');
      await expect(rebuild(dataDir)).rejects.toThrow('in use by another process');
    } finally {
      other.kill('SIGKILL');
    }
  });

  it('names a file of the archive that is not as it was written, and leaves everything as it was', async () => {
    const { dataDir, reports } = await filledFolder();
    const orders = join(dataDir, 'archive/orders');
    const [name = ''] = readdirSync(orders, { recursive: true })
      .map(String)
      .filter((path) => /parquet$/.test(path));
    const bytes = readFileSync(join(orders, name));
    bytes.writeUInt8(bytes.readUInt8(100) ^ 1, 100);
    writeFileSync(join(orders, name), bytes);
    await expect(rebuild(dataDir)).rejects.toThrow(join(orders, name));
    expect(readdirSync(dataDir).filter((path) => path.includes('rebuild'))).toEqual([]);
    expect(await answers(await newHouse({ dataDir }))).toEqual(reports);
  });

  it('refuses when orders are gone, says which, and goes on with --partial', async () => {
    const { dataDir } = await filledFolder();
    const segments = join(dataDir, 'segments');
    const [gone = ''] = readdirSync(segments).sort();
    renameSync(join(segments, gone), join(dataDir, gone));
    const sequence = Number(gone.slice(0, 12));
    await expect(rebuild(dataDir)).rejects.toThrow(`segment files ${sequence} to ${sequence}, 2 records`);
    expect(await rebuild(dataDir, '--partial')).toMatchObject({
      records: 3,
      missing: [{ first: sequence, records: 2 }],
    });
  });
});

describe('a data folder without its warehouse', () => {
  it('is not served as if it were new, and the ways back are named', async () => {
    const { dataDir } = await filledFolder();
    rmSync(warehouse(dataDir));
    const ways =
      /is missing, and there are archived orders, segment files, reference data.*\n.*slicehouse rebuild.*\n.*slicehouse restore/;
    await expect(newHouse({ dataDir })).rejects.toThrow(ways);
    rmSync(join(dataDir, 'archive'), { recursive: true });
    await expect(newHouse({ dataDir })).rejects.toThrow('there are segment files');
    expect(existsSync(warehouse(dataDir))).toBe(false);
  });

  it('is not served with one that is older than the archive', async () => {
    const { dataDir } = await filledFolder();
    const other = await newHouse();
    await other.close();
    renameSync(warehouse(other.config.dataDir), warehouse(dataDir));
    await expect(newHouse({ dataDir })).rejects.toThrow(/older than its archive.*\n.*slicehouse rebuild/);
  });
});
