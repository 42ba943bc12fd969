import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { describe, expect, it } from 'vitest';
import { failureOf, keysOf, readAll } from '../../../test/support/reference-source.ts';
import { temporaryFolders } from '../../../test/support/temporary-folders.ts';
import { type ReferenceTable, SourceError } from '../source.ts';
import { FileSource } from './file-source.ts';

const newFolder = temporaryFolders();

type Files = Readonly<Record<string, string | Uint8Array>>;

function sourceOf(files: Files, now?: () => number): FileSource & { folder: string } {
  const folder = newFolder();
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return Object.assign(new FileSource({ folder, ...(now && { now }) }), { folder });
}

/** Writes the rows of a query as a Parquet file. */
async function writeParquet(path: string, sql: string): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:', { memory_limit: '512MB', threads: '1' });
  const connection = await instance.connect();
  await connection.run(`COPY (${sql}) TO '${path}' (FORMAT parquet)`);
  instance.closeSync();
}

async function shapeFailure(source: FileSource, table: ReferenceTable): Promise<SourceError> {
  const error = await failureOf(readAll(source, table));
  expect(error).toBeInstanceOf(SourceError);
  expect((error as SourceError).kind).toBe('shape');
  return error as SourceError;
}

const chicago = {
  store_id: 's-1',
  name: 'Loop, "Old" Town',
  state: 'IL',
  city: 'Chicago',
  zip: '60601',
  time_zone: 'America/Chicago',
  latitude: 41.88,
  longitude: -87.63,
  closeout_hour: 3,
  changed_at: null,
};

describe('the rows of', () => {
  it('CSV come with quoted cells, forgiving the header its mark, case and spaces', async () => {
    const source = sourceOf({
      'Stores.CSV':
        '\ufeffStore ID, NAME ,state,City,zip,manager,latitude,longitude,closeout_hour\r\n' +
        's-1,"Loop, ""Old"" Town",calif.,"two\r\nlines",2134,Somebody,41.88,-87.63,3\r\n\r\n' +
        's-2,,TX,,,,,,\r\n',
    });
    const { records, faults, end } = await readAll(source, 'stores');
    expect(source.tables).toEqual(['stores']);
    expect(faults).toEqual([]);
    expect(records).toEqual([
      { ...chicago, state: 'CA', city: 'two\r\nlines', zip: '02134', time_zone: 'America/Los_Angeles' },
      expect.objectContaining({ store_id: 's-2', name: null, state: 'TX', latitude: null, closeout_hour: 4 }),
    ]);
    expect(end?.isWhole).toBe(true);
    expect(await keysOf(source, 'stores')).toEqual(['s-1', 's-2']);
  });

  it.each([';', '\t', '|'])('CSV may stand apart by "%s"', async (mark) => {
    const source = sourceOf({
      'menu_items.csv': 'menu_item_id,menu_item,Kind\nm-1,Supreme,PIZZA\n'.replaceAll(',', mark),
    });
    expect((await readAll(source, 'menu_items')).records).toEqual([
      { menu_item_id: 'm-1', menu_item: 'Supreme', kind: 'pizza', size: null, unit_cost_cents: null, changed_at: null },
    ]);
  });

  it('NDJSON come with members in any order, ids of any length, and null for nothing', async () => {
    const source = sourceOf(
      {
        'customers.ndjson':
          '{"Customer_ID":12345678901234567890,"home_state":"TX","home_zip":78704,"changed_at":"2026-01-02T00:00:00-06:00"}\n' +
          '{"home_city":"Boston","home_state":null,"customer_id2":"x","Customer_ID":"c-2","changed_at":"2999-01-01T00:00:00Z"}',
      },
      () => Date.parse('2026-07-01T00:00:00Z'),
    );
    const { records, faults } = await readAll(source, 'customers');
    expect(faults).toEqual([]);
    expect(records).toEqual([
      {
        customer_id: '12345678901234567890',
        home_state: 'TX',
        home_city: null,
        home_zip: '78704',
        changed_at: '2026-01-02T06:00:00.000Z',
      },
      {
        customer_id: 'c-2',
        home_state: null,
        home_city: 'Boston',
        home_zip: null,
        changed_at: '2026-07-01T00:00:00.000Z',
      },
    ]);
  });

  it('Parquet come whatever the types of their columns, from a folder with an odd name', async () => {
    const folder = join(newFolder(), "it's [1] *");
    mkdirSync(folder);
    await writeParquet(
      join(folder.replaceAll("'", "''"), 'stores.parquet'),
      `SELECT CAST(7 AS BIGINT) AS store_id, 'Illinois' AS "State", CAST(60601.0 AS DOUBLE) AS zip,
        CAST(41.880 AS DECIMAL(9, 3)) AS latitude, CAST(-87.63 AS DOUBLE) AS longitude, CAST(3 AS TINYINT) AS closeout_hour,
        TIMESTAMPTZ '2026-02-08 18:31:07.5-06' AS changed_at, [1, 2] AS other`,
    );
    const { records, faults } = await readAll(new FileSource({ folder }), 'stores');
    expect(faults).toEqual([]);
    expect(records).toEqual([
      { ...chicago, store_id: '7', name: null, city: null, changed_at: '2026-02-09T00:31:07.500Z' },
    ]);
  });
});

describe('a file', () => {
  it.each<[string, Files, string]>([
    ['is empty', { 'stores.csv': '' }, 'is empty'],
    ['has no header', { 'stores.csv': '\n\n' }, 'no header'],
    ['is UTF-16', { 'stores.csv': Buffer.from('\ufeffstore_id,state\n', 'utf16le') }, 'not UTF-8'],
    ['is no Parquet', { 'stores.parquet': 'store_id,state\n' }, 'cannot be read'],
    ['mixes ends of lines', { 'stores.csv': 'store_id,state\r\ns-1,TX\ns-2,TX\r\n' }, 'cannot be read'],
    ['is there twice', { 'stores.csv': 'x', 'stores.parquet': 'x' }, 'only one file of stores'],
    ['is not there', { 'customers.csv': 'x' }, 'none of stores.csv, stores.ndjson, stores.parquet'],
    ['names a column twice', { 'stores.csv': 'store_id,State,state\n' }, 'state: is there more than once'],
  ])('that %s is refused', async (_, files, words) => {
    expect((await shapeFailure(sourceOf(files), 'stores')).message).toContain(words);
  });

  it.each<[string, string]>([
    ['customers.csv', 'Customer ID,state,e-mail\nc-1,TX,x\n'],
    ['customers.ndjson', '{"Customer ID":"c-1","state":"TX"}\n{"e-mail":1}\n'],
  ])('%s without a needed column is refused with what is expected and what is there', async (name, content) => {
    const { message, faults } = await shapeFailure(sourceOf({ [name]: content }), 'customers');
    expect(faults).toEqual([{ path: 'home_state', message: 'is needed, and there is no such column.' }]);
    expect(message).toContain('Expected: customer_id, home_state, home_city, home_zip, changed_at.');
    expect(message).toMatch(/It has: .*e-mail/);
  });

  it('with a header alone has no rows', async () => {
    const source = sourceOf({ 'stores.csv': 'store_id,state' });
    const { records, faults, end } = await readAll(source, 'stores');
    expect([records, faults, end?.isWhole]).toEqual([[], [], true]);
  });

  it('that has not changed is not read again, unless it is asked for', async () => {
    const source = sourceOf({ 'stores.csv': 'store_id,state\ns-1,TX\n' });
    const first = await readAll(source, 'stores');
    const watermark = first.end?.watermark ?? null;
    const second = await readAll(source, 'stores', watermark);
    expect(second.records).toEqual([]);
    expect(second.end).toEqual({ type: 'end', watermark, isWhole: false, clockSkewMs: null });
    expect((await readAll(source, 'stores', watermark, { whole: true })).records).toHaveLength(1);
  });

  it('that has changed is read whole, also when its size is the same', async () => {
    const source = sourceOf({ 'stores.csv': 'store_id,state\ns-1,TX\n' });
    const watermark = (await readAll(source, 'stores')).end?.watermark ?? null;
    writeFileSync(join(source.folder, 'stores.csv'), 'store_id,state\ns-1,OK\n');
    const changed = await readAll(source, 'stores', watermark);
    expect(changed.records).toMatchObject([{ state: 'OK' }]);
    expect(changed.end?.watermark).not.toEqual(watermark);
    expect((await failureOf(source.keys('stores', watermark).next())).message).toContain('was changed');
  });
});

describe('a folder', () => {
  it('has the tables that there are files of, also such as come later', () => {
    const source = sourceOf({ 'customers.csv': '', 'notes.txt': '', 'stores.csv.old': '' });
    mkdirSync(join(source.folder, 'stores.csv'));
    expect(source.tables).toEqual(['customers']);
    writeFileSync(join(source.folder, 'menu_items.ndjson'), '');
    expect(source.tables).toEqual(['customers', 'menu_items']);
  });

  it('that is not there is out of reach', async () => {
    const source = new FileSource({ folder: join(newFolder(), 'gone') });
    expect(source.tables).toEqual(['stores', 'customers', 'menu_items']);
    expect(await failureOf(readAll(source, 'stores'))).toMatchObject({ kind: 'unavailable' });
  });
});

describe('200,000 rows', () => {
  const count = 200_000;
  const rows = `SELECT 'c-' || i AS customer_id, 'TX' AS home_state, repeat(md5(CAST(i AS VARCHAR)), 12) AS note
    FROM range(${count}) t(i)`;

  async function largeFile(folder: string, format: string): Promise<string> {
    const path = join(folder, `customers.${format}`);
    if (format === 'parquet') await writeParquet(path, rows);
    else {
      const row = (id: number): string =>
        format === 'csv'
          ? `c-${id},TX,${'x'.repeat(400)}`
          : `{"customer_id":"c-${id}","home_state":"TX","note":"${'x'.repeat(400)}"}`;
      const header = format === 'csv' ? ['customer_id,home_state,note'] : [];
      await writeFile(path, [...header, ...Array.from({ length: count }, (_, id) => row(id)), ''].join('\n'));
    }
    return path;
  }

  it.each(['csv', 'ndjson', 'parquet'])('of %s stream in batches, in little memory', async (format) => {
    const folder = newFolder();
    await largeFile(folder, format);
    const source = new FileSource({ folder });
    const before = process.memoryUsage().rss;
    let [read, largest, peak] = [0, 0, 0];
    for await (const event of source.read('customers', null)) {
      if (event.type === 'end') continue;
      read += event.records.length;
      largest = Math.max(largest, event.records.length);
      peak = Math.max(peak, process.memoryUsage().rss);
    }
    expect(read).toBe(count);
    expect(largest).toBeLessThanOrEqual(2_048);
    expect((peak - before) / 2 ** 20).toBeLessThan(200);
  });

  it.each<[string, (path: string) => void]>([
    ['removed', (path) => rmSync(path)],
    [
      'replaced',
      (path) => {
        writeFileSync(`${path}.new`, 'customer_id,home_state\nc-1,TX\n');
        renameSync(`${path}.new`, path);
      },
    ],
    ['cut off', (path) => writeFileSync(path, 'customer_id,home_state\n')],
  ])('that are %s in mid-read do not come to an end', async (_, harm) => {
    const folder = newFolder();
    const path = await largeFile(folder, 'csv');
    const events: string[] = [];
    const read = async () => {
      for await (const { type } of new FileSource({ folder }).read('customers', null)) {
        if (events.length === 0) harm(path);
        events.push(type);
      }
    };
    const error = await failureOf(read());
    expect(error.message).toBe(`${path} was changed or removed while it was read.`);
    expect(error).toMatchObject({ kind: 'shape' });
    expect(events).not.toContain('end');
  });

  it('may be left in the middle, or stopped by a signal', async () => {
    const folder = newFolder();
    await largeFile(folder, 'csv');
    const source = new FileSource({ folder });
    for await (const event of source.read('customers', null)) {
      expect(event.type).toBe('batch');
      break;
    }
    const controller = new AbortController();
    const reason = new Error('stopping');
    const read = async () => {
      for await (const _ of source.read('customers', null, { signal: controller.signal })) controller.abort(reason);
    };
    expect(await failureOf(read())).toBe(reason);
  });
});
