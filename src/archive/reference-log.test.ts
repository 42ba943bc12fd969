import { readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolders } from '../../test/support/temporary-folders.ts';
import { createLog } from '../runtime/log.ts';
import { finishFold } from './fold-reference.ts';
import { ReferenceLog, type ReferenceLogOptions, readReferenceFiles, upsert } from './reference-log.ts';

const newFolder = temporaryFolders();

interface Change {
  readonly id: string;
  readonly state: string;
}

/** Tables in memory that remember every version of each row, as the warehouse's do. */
class Tables {
  readonly versions = new Map<string, string[]>();
  failing = false;

  upsertStores(path: string): Promise<void> {
    return this.#take(path, 'store_id');
  }

  upsertCustomers(path: string): Promise<void> {
    return this.#take(path, 'customer_id');
  }

  async #take(path: string, key: string): Promise<void> {
    if (this.failing) throw new Error('The warehouse cannot take it.');
    const records = readFileSync(path, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    const lastOfEach = new Map<string, string>();
    for (const record of records.sort((a, b) => a.position - b.position)) lastOfEach.set(record[key], record.state);
    for (const [id, state] of lastOfEach) {
      const versions = this.versions.get(id) ?? [];
      if (versions.at(-1) !== state) this.versions.set(id, [...versions, state]);
    }
  }
}

const none = async function* (): AsyncGenerator<never[]> {
  yield [];
};

const open = (folder: string, tables: Tables, changes: Partial<ReferenceLogOptions> = {}): Promise<ReferenceLog> =>
  ReferenceLog.open({ folder, tables, log: createLog('silent'), read: none, ...changes });

const put = async (log: ReferenceLog, folder: string, table: 'stores' | 'customers', changes: Change[]) => {
  const key = table === 'stores' ? 'store_id' : 'customer_id';
  const lines = changes.map(({ id, state }, at) => JSON.stringify({ [key]: id, state, position: at + 1 }));
  const path = join(folder, 'sent.ndjson');
  writeFileSync(path, lines.join('\n'));
  await upsert(log, table, path);
};

/** What the log makes of empty tables. */
const replay = async (folder: string): Promise<Tables> => {
  const tables = new Tables();
  for (const { table, path } of await readReferenceFiles(folder)) await upsert(tables, table, path);
  return tables;
};

const names = (folder: string): string[] => readdirSync(join(folder, 'reference')).sort();

describe('the log of reference data', () => {
  it('keeps every accepted change, in order, across openings', async () => {
    const [folder, tables] = [newFolder(), new Tables()];
    const log = await open(folder, tables);
    await Promise.all([put(log, folder, 'stores', [{ id: 's-1', state: 'TX' }])]);
    await put(log, folder, 'customers', [
      { id: 'c-1', state: 'WY' },
      { id: 'c-1', state: 'CA' },
    ]);
    await put(await open(folder, tables), folder, 'stores', [{ id: 's-1', state: 'NM' }]);
    expect(names(folder)).toHaveLength(3);
    expect((await replay(folder)).versions).toEqual(tables.versions);
    expect(tables.versions.get('s-1')).toEqual(['TX', 'NM']);
  });

  it('keeps nothing of what the warehouse did not take', async () => {
    const [folder, tables] = [newFolder(), new Tables()];
    const log = await open(folder, tables);
    tables.failing = true;
    await expect(put(log, folder, 'stores', [{ id: 's-1', state: 'TX' }])).rejects.toThrow('cannot take it');
    expect(names(folder)).toEqual([]);
  });

  it('brings a change to its end that a crash came between', async () => {
    const [folder, tables] = [newFolder(), new Tables()];
    await put(await open(folder, tables), folder, 'stores', [{ id: 's-1', state: 'TX' }]);
    const [name = ''] = names(folder);
    renameSync(join(folder, 'reference', name), join(folder, 'reference', `${name}.pending`));
    const after = new Tables();
    await open(folder, after);
    expect(names(folder)).toEqual([name]);
    expect(after.versions.get('s-1')).toEqual(['TX']);
  });

  it('starts with what the warehouse has, in a folder from before there was a log', async () => {
    const folder = newFolder();
    const read = async function* (table: string) {
      if (table === 'stores')
        yield [
          { store_id: 's-1', state: 'TX' },
          { store_id: 's-2', state: 'CA' },
        ];
    };
    await open(folder, new Tables(), { read });
    await open(folder, new Tables(), { read });
    expect(names(folder)).toHaveLength(1);
    expect([...(await replay(folder)).versions]).toEqual([
      ['s-1', ['TX']],
      ['s-2', ['CA']],
    ]);
  });

  /** Nine changes of two stores and one customer; store 1 is in three places, one after the other. */
  const fill = async (folder: string, tables: Tables): Promise<void> => {
    const log = await open(folder, tables, { filesMax: 7 });
    for (const state of ['TX', 'TX', 'CA', 'CA', 'TX', 'TX', 'TX', 'TX'])
      await put(log, folder, 'stores', [
        { id: 's-1', state: 'XX' },
        { id: 's-2', state: 'NY' },
        { id: 's-1', state },
      ]);
    await put(log, folder, 'customers', [{ id: 'c-1', state: 'WY' }]);
  };

  it('folds many files into as few as possible, with every version of every row', async () => {
    const [folder, tables] = [newFolder(), new Tables()];
    await fill(folder, tables);
    const stores = (await readReferenceFiles(folder)).filter((file) => file.table === 'stores');
    expect(stores).toHaveLength(3);
    expect((await replay(folder)).versions).toEqual(tables.versions);
    expect(tables.versions.get('s-1')).toEqual(['TX', 'CA', 'TX']);
    expect(names(folder).filter((name) => !/^\d{6}-(stores|customers)\.ndjson$/.test(name))).toEqual([]);
  });

  it('ends with the same rows when a fold was interrupted, wherever it was', async () => {
    const [whole, tables] = [newFolder(), new Tables()];
    await fill(whole, tables);
    const folded = (await readReferenceFiles(whole)).filter((file) => file.table === 'stores');
    const folder = newFolder();
    await put(await open(folder, new Tables()), folder, 'stores', [
      { id: 's-1', state: 'TX' },
      { id: 's-2', state: 'NY' },
    ]);
    const [old = ''] = names(folder);
    // The newest file has its new content already; the others and the removals are still to be done.
    const renames = folded.map(({ path }, index) => {
      const to = `00001${index}-stores.ndjson`;
      const from = `${to}.new`;
      writeFileSync(join(folder, 'reference', index === folded.length - 1 ? to : from), readFileSync(path));
      return { from, to };
    });
    writeFileSync(join(folder, 'reference/fold.json'), JSON.stringify({ renames, removals: [old] }));
    await finishFold(folder);
    expect(names(folder)).toEqual(renames.map(({ to }) => to));
    const stores = [...tables.versions].filter(([id]) => id.startsWith('s-'));
    expect([...(await replay(folder)).versions].sort()).toEqual(stores.sort());
  });
});
