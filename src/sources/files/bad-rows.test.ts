import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { failureOf, keysOf, readAll } from '../../../test/support/reference-source.ts';
import { temporaryFolders } from '../../../test/support/temporary-folders.ts';
import { FileSource } from './file-source.ts';

const newFolder = temporaryFolders();

function sourceOf(files: Readonly<Record<string, string | Uint8Array>>): FileSource {
  const folder = newFolder();
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return new FileSource({ folder });
}

describe('bad rows beside good ones', () => {
  it('are named with key and reason', async () => {
    const source = sourceOf({
      'stores.csv':
        'store_id,state,latitude,closeout_hour,changed_at\n' +
        's-1,TX,30.1,4,\ns-2,Ontario,,,\ns-3,TX,0x1F,3.5,yesterday\n,TX,,,\ns-5,OK,,,2026-01-01T00:00:00Z\n',
    });
    const { records, faults } = await readAll(source, 'stores');
    expect(records.map((record) => record['store_id'])).toEqual(['s-1', 's-5']);
    expect(faults.map(({ key, faults }) => [key, faults.map(({ path }) => path).sort()])).toEqual([
      ['s-2', ['/state']],
      ['s-3', ['/changed_at', '/closeout_hour', '/latitude']],
      [null, ['']],
    ]);
    expect(faults[2]?.faults[0]?.message).toContain('store_id');
    expect(await keysOf(source, 'stores')).toEqual(['s-1', 's-2', 's-3', 's-5']);
  });

  it('of menu items and customers name the column', async () => {
    const source = sourceOf({
      'menu_items.csv': 'menu_item_id,menu_item,unit_cost_cents\nm-1,Supreme,4.5\nm-2,Supreme,450\n',
      'customers.csv': `customer_id,home_state,home_zip\nc-1,TX,${'9'.repeat(20)}\nc-2,Ontario,\n`,
    });
    const menu = await readAll(source, 'menu_items');
    expect(menu.faults).toMatchObject([{ key: 'm-1', faults: [{ path: '/unit_cost_cents' }] }]);
    expect(menu.records).toMatchObject([{ menu_item_id: 'm-2', unit_cost_cents: 450 }]);
    const customers = await readAll(source, 'customers');
    expect(customers.faults).toMatchObject([{ key: 'c-1', faults: [{ path: '/home_zip' }] }]);
    expect(customers.records).toMatchObject([{ customer_id: 'c-2', home_state: null }]);
  });

  it('with too few or too many cells keep their key when it is certain', async () => {
    const source = sourceOf({ 'stores.csv': 'store_id,state,city\ns-1,TX\ns-2,TX,Austin,yes,no\ns-3,TX,Waco\n' });
    const { records, faults } = await readAll(source, 'stores');
    expect(records).toMatchObject([{ store_id: 's-3' }]);
    expect(faults).toEqual([
      { table: 'stores', key: 's-1', faults: [{ path: '', message: 'line 2 has fewer cells than the header' }] },
      { table: 'stores', key: 's-2', faults: [{ path: '', message: 'line 3 has more cells than the header' }] },
    ]);
    expect((await keysOf(source, 'stores')).sort()).toEqual(['s-1', 's-2', 's-3']);
  });

  it.each<[string, string, string | Uint8Array]>([
    ['a quote that is never closed', 'stores.csv', 'store_id,state\ns-1,TX\ns-2,"TX\ns-3,TX\n'],
    ['text behind a quote', 'stores.csv', 'store_id,state,name\ns-1,TX,a\ns-2,TX,"12" pizza"\n'],
    ['a letter that is not UTF-8', 'stores.csv', Buffer.from('store_id,state,name\ns-1,TX,a\ns-2,TX,Á\n', 'latin1')],
    ['a file that ends within an id', 'stores.csv', 'store_id,state\ns-1,TX\ns-2'],
    ['a key that is not the first cell', 'stores.csv', 'state,store_id\nTX,s-1\nTX,US,s-2\n'],
    ['a record that is not JSON', 'stores.ndjson', '{"store_id":"s-1","state":"TX"}\n{"store_id":"s-2","sta'],
    ['a list', 'stores.ndjson', '{"store_id":"s-1","state":"TX"}\n["s-2","TX"]\n'],
  ])('with %s are faults, and nothing is taken for deleted', async (_, name, content) => {
    const source = sourceOf({ [name]: content });
    const { records, faults } = await readAll(source, 'stores');
    expect(records).toMatchObject([{ store_id: 's-1' }]);
    expect(faults).toMatchObject([{ key: null, faults: [{ message: expect.stringMatching(/^(line|record) [23] /) }] }]);
    expect((await failureOf(keysOf(source, 'stores'))).message).toContain('none are removed');
  });

  it('beyond counting are no CSV', async () => {
    const source = sourceOf({ 'stores.csv': `store_id,state\ns-1,TX\n${'x,TX,y\n'.repeat(10_001)}` });
    const error = await failureOf(readAll(source, 'stores'));
    expect(error).toMatchObject({ kind: 'shape', message: expect.stringContaining('no CSV') });
  });
});
