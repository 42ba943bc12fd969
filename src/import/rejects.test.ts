import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Collected, collect } from './collect.ts';
import { ImportError } from './import-error.ts';
import { importOrders } from './import-orders.ts';
import { previewImport } from './preview-import.ts';
import { type ReadMapping, readMapping } from './read-mapping.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'slicehouse-rejects-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const joined = `
source: till
zone: America/Chicago
files:
  lines: { file: lines.csv }
  orders: { file: orders.csv, join: { id: lines.order } }
  menu: { file: menu.csv, join: { sku: lines.sku } }
order: { from: orders, order_id: id, ordered_at: at, store_id: { constant: s }, channel: { constant: delivery } }
line: { from: lines, kind: { constant: pizza }, menu_item: menu.name, quantity: n, unit_price: menu.price }
`;
const wire = 'source: till\nfiles: { orders: {} }\norder: { wire: true }\n';

async function put(files: Record<string, string>): Promise<string[]> {
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  return Object.keys(files).map((name) => join(folder, name));
}

async function run(files: Record<string, string>, mapping: string, sink = collect()): Promise<Collected> {
  await importOrders({ files: await put(files), mapping: mappingOf(mapping) }, sink);
  return sink;
}

function mappingOf(text: string): ReadMapping {
  return readMapping(text, 'mapping.yaml');
}

const good = {
  'orders.csv': 'id,at\n1,2020-01-05 12:00\n2,2020-01-05 12:01\n',
  'lines.csv': 'order,sku,n\n1,a,1\n2,b,2\n',
  'menu.csv': 'sku,name,price\na,Ham,9\nb,Corn,8.5\n',
};

function told({ rejects }: Collected): string[][] {
  return rejects.map(({ origin, code, reason, bytes }) => [origin, code, reason, bytes.toString()]);
}

test('a line whose order is missing goes to quarantine as it is written, the good ones go on', async () => {
  const sink = await run({ ...good, 'lines.csv': `${good['lines.csv']}77,"a",1\n,a,1\n` }, joined);
  expect(sink.orders.map(({ order_id }) => order_id)).toEqual(['1', '2']);
  expect(told(sink)).toEqual([
    ['lines.csv row 4', 'invalid_order', 'lines.csv row 4: order "77" is not in orders.csv.', '77,"a",1'],
    ['lines.csv row 5', 'invalid_order', 'lines.csv row 5: has no key that leads to an order in orders.csv.', ',a,1'],
  ]);
});

test('an order without lines goes to quarantine', async () => {
  const sink = await run({ ...good, 'orders.csv': `${good['orders.csv']}3,2020-01-05 12:02\n` }, joined);
  expect(sink.orders).toHaveLength(2);
  expect(told(sink)).toEqual([
    ['orders.csv row 4', 'invalid_order', 'orders.csv row 4: has no lines in lines.csv.', '3,2020-01-05 12:02'],
  ]);
});

test('an unknown menu item takes its whole order to quarantine, as it would be posted', async () => {
  const sink = await run({ ...good, 'lines.csv': 'order,sku,n\n1,a,1\n2,b,2\n1,zzz,1\n' }, joined);
  expect(sink.orders.map(({ order_id }) => order_id)).toEqual(['2']);
  expect(sink.rejects).toHaveLength(1);
  const [reject] = sink.rejects;
  expect(reject).toMatchObject({
    origin: 'lines.csv row 4',
    reason: 'lines.csv row 4: sku "zzz" is not in menu.csv.',
  });
  expect(JSON.parse(reject?.bytes.toString() ?? '')).toMatchObject({
    order_id: '1',
    lines: [{ menu_item: 'Ham', unit_price_cents: 900 }, { quantity: 1 }],
  });
});

test('values that cannot be converted stay as they are written, and are named with file and row', async () => {
  const files = { ...good, 'orders.csv': 'id,at\n1,31/31/2020 12:00\n2,2020-01-05 12:01\n' };
  const sink = await run({ ...files, 'lines.csv': 'order,sku,n\n1,a,1\n2,b,1.5\n' }, joined);
  expect(sink.orders).toEqual([]);
  expect(sink.rejects.map(({ origin, reason }) => [origin, reason])).toEqual([
    ['orders.csv row 2', 'orders.csv row 2: ordered_at "31/31/2020 12:00" is a date or a time that does not exist.'],
    ['lines.csv row 3', 'lines.csv row 3: quantity "1.5" is not a whole number.'],
  ]);
  expect(JSON.parse(sink.rejects[0]?.bytes.toString() ?? '')).toMatchObject({ ordered_at: '31/31/2020 12:00' });
});

test('orders that the contract refuses never reach the server', async () => {
  const files = {
    'orders.csv': 'id,at\n1,1999-12-31 12:00\n2,2999-01-05 12:01\n3,2020-01-01 12:00\n',
    'lines.csv': 'order,sku,n\n1,a,1\n2,b,2\n3,a,1001\n',
  };
  const sink = await run({ ...good, ...files }, joined);
  expect(sink.orders).toEqual([]);
  const reasons = sink.rejects.map(({ reason }) => reason).join('\n');
  expect(reasons).toContain('orders.csv row 2: ordered_at "1999-12-31T12:00:00-06:00" is before 2000-01-01.');
  expect(reasons).toContain('orders.csv row 3: ordered_at "2999-01-05T12:01:00-06:00" lies in the future.');
  expect(reasons).toMatch(/orders.csv row 4: lines.0.quantity must be <= 1000/);
});

test('rows that cannot be read: too short, too long, a quote that is never closed, a torn menu row', async () => {
  const sink = await run(
    {
      'orders.csv': `${good['orders.csv']}3\n`,
      'lines.csv': 'order,sku,n\n1,a,1,oops\n2,b,2\n2,"b,2\n2,a,1,,\n',
      'menu.csv': `${good['menu.csv']}c\n`,
    },
    joined,
  );
  expect(sink.orders).toEqual([]);
  expect(told(sink).map(([origin, , reason, bytes]) => [origin, reason, bytes])).toEqual([
    ['lines.csv row 2', 'lines.csv row 2: has 4 cells where the header has 3.', '1,a,1,oops'],
    [
      'lines.csv row 4',
      'lines.csv row 4: opens a " that is never closed; the other lines of its order are held back with it.',
      '2,"b,2',
    ],
    ['orders.csv row 4', 'orders.csv row 4: has 1 cells where the header has 2.', '3'],
    ['menu.csv row 4', 'menu.csv row 4: has 1 cells where the header has 3.', 'c'],
  ]);
});

test('toppings of no line, and toppings that nothing names', async () => {
  const sink = await run(
    {
      'lines.csv': 'id,order,at\n10,1,2020-01-05 12:00\n11,2,2020-01-05 12:00\n',
      'tops.csv': 'line,top\n10,1\n11,2\n99,1\n',
      'names.csv': 'top,name\n1,Ham\n',
    },
    `
source: till
zone: America/Chicago
files: { lines: {}, tops: { join: { line: lines.id } }, names: { join: { top: tops.top } } }
order: { from: lines, order_id: order, ordered_at: at, store_id: { constant: s }, channel: { constant: delivery } }
line: { from: lines, kind: { constant: pizza }, unit_price: { constant: 9 }, toppings: { from: tops, name: names.name } }
`,
  );
  expect(sink.orders).toMatchObject([{ order_id: '1', lines: [{ toppings: ['Ham'] }] }]);
  expect(sink.rejects.map(({ reason }) => reason)).toEqual([
    'lines.csv row 3: a row of tops names no topping.',
    'tops.csv row 4: leads to no row of lines.',
  ]);
});

test('lines that are not JSON, or not an order', async () => {
  const order = { order_id: 'a', ordered_at: '2020-01-05T12:00:00Z', store_id: 's', channel: 'delivery' };
  const lines = [{ kind: 'pizza', quantity: 1, unit_price_cents: 900 }];
  const text = [`{"order_id":`, '[1]', JSON.stringify(order), JSON.stringify({ ...order, lines })].join('\n');
  const sink = await run({ 'orders.ndjson': text }, wire);
  expect(sink.orders).toEqual([{ ...order, lines }]);
  expect(sink.rejects.map(({ origin, code, bytes }) => [origin, code, bytes.toString()])).toEqual([
    ['orders.ndjson row 1', 'malformed_json', '{"order_id":'],
    ['orders.ndjson row 2', 'invalid_order', '[1]'],
    ['orders.ndjson row 3', 'invalid_order', JSON.stringify(order)],
  ]);
  expect(sink.rejects[2]?.reason).toBe('orders.ndjson row 3: lines is absent.');
});

test('what the server rejects goes to quarantine with file and row too', async () => {
  const sink = collect(({ order_id: id }) =>
    id === '2' ? { code: 'invalid_order', errors: [{ path: '/store_id', message: 'is closed.' }] } : undefined,
  );
  await run(good, joined, sink);
  expect(sink.orders.map(({ order_id }) => order_id)).toEqual(['1']);
  expect(sink.rejects).toMatchObject([
    { origin: 'orders.csv row 3', reason: 'orders.csv row 3: /store_id is closed.' },
  ]);
});

test('different rows for one menu item are refused until the mapping says which holds', async () => {
  const files = { ...good, 'menu.csv': 'sku,name,price\na,Ham,9\nb,Corn,8.5\na,Ham,10\nb,Corn,8.5\n' };
  await expect(run(files, joined)).rejects.toThrow(/menu.csv has different rows \(such as 2 and 4\).*sku "a".*keep/);
  const last = await run(files, joined.replace('menu.csv,', 'menu.csv, keep: last,'));
  expect(last.orders.flatMap(({ lines }) => lines.map((line) => line.unit_price_cents))).toEqual([1000, 850]);
});

test('an order with a million lines costs no memory to refuse', async () => {
  const rows = Array.from({ length: 50_000 }, () => '1,a,1');
  const sink = await run({ ...good, 'lines.csv': `order,sku,n\n${rows.join('\n')}\n2,b,1\n` }, joined);
  expect(sink.orders.map(({ order_id }) => order_id)).toEqual(['2']);
  expect(sink.rejects[0]?.reason).toMatch(/lines must not have more than 100 items/);
});

test.each([20, 1_500])('when not one of %i orders can be taken, nothing is sent', async (length) => {
  const ids = Array.from({ length }, (_, index) => index);
  const files = {
    ...good,
    'orders.csv': `id,at\n${ids.map((id) => `${id},yesterday`).join('\n')}\n`,
    'lines.csv': `order,sku,n\n${ids.map((id) => `${id},a,1`).join('\n')}\n`,
  };
  const sink = collect();
  await expect(run(files, joined, sink)).rejects.toThrow(/None of the first \d+ orders.*\n.*ordered_at "yesterday"/);
  expect([sink.orders, sink.rejects, sink.stores]).toEqual([[], [], []]);
});

test('running twice sends the same orders in the same batches', async () => {
  const ids = Array.from({ length: 4_321 }, (_, index) => index);
  const files = {
    ...good,
    'orders.csv': `id,at\n${ids.map((id) => `${id},2020-01-05 12:00`).join('\n')}\n`,
    'lines.csv': `order,sku,n\n${ids.map((id) => `${(id * 7) % ids.length},a,${(id % 9) + 1}`).join('\n')}\n`,
  };
  const [first, second] = [await run(files, joined), await run(files, joined)];
  expect(first.orders.map(({ order_id: id }) => Number(id))).toEqual(ids);
  expect(first.batches.map(({ orders }) => orders)).toEqual([2_000, 2_000, 321]);
  expect(second.orders).toEqual(first.orders);
  expect(second.origins).toEqual(first.origins);
});

test('a sink that fails ends the import with its own error', async () => {
  const failing = { ...collect(), postOrders: () => Promise.reject(new Error('no route')) };
  await expect(run(good, joined, failing)).rejects.toThrow('no route');
});

test('a dry run shows orders and what would be quarantined', async () => {
  const files = await put({ ...good, 'lines.csv': `${good['lines.csv']}77,a,1\n` });
  const preview = await previewImport({ files, mapping: mappingOf(joined), show: 1 });
  expect(preview).toMatchObject({ totalOrders: 2, examined: 3, good: 2, bad: 1 });
  expect(preview.orders).toHaveLength(1);
  expect(preview.orders[0]).toMatchObject({ order_id: '1', lines: [{ menu_item: 'Ham' }] });
  expect(preview.rejects.map(({ origin }) => origin)).toEqual(['lines.csv row 4']);
  const short = await previewImport({ files, mapping: mappingOf(joined), examine: 1 });
  expect(short).toMatchObject({ examined: 1, good: 1, bad: 0 });
});

test('mistakes that a manager can mend', async () => {
  const fails = async (files: Record<string, string>, mapping = joined) =>
    await run(files, mapping).then(
      () => 'taken',
      (error: unknown) => (error instanceof ImportError ? error.message : `not an ImportError: ${error}`),
    );
  expect(await fails({ ...good, 'menu.csv': 'sku,title,price\na,Ham,9\n' })).toContain(
    'line.menu_item: menu.csv has no column "name". There are: sku, title, price.',
  );
  expect(await fails({ 'orders.csv': 'id,at\n', 'lines.csv': good['lines.csv'] })).toContain(
    'The mapping needs a file "menu.csv" (files.menu); given were orders.csv, lines.csv.',
  );
  expect(await fails({ ...good, 'orders.csv': '' })).toContain('orders.csv has no header row: it is empty');
  expect(await fails({ ...good, 'orders.csv': 'id,at\n', 'lines.csv': 'order,sku,n\n' })).toBe(
    'There are no rows in orders.csv.',
  );
  expect(await fails(good, joined.replace('unit_price: menu.price', 'unit_price: menu.prise'))).toContain(
    'Did you mean "price"?',
  );
  expect(await fails({ 'orders.xlsx': '' }, wire)).toContain('Save the sheet as CSV');
  expect(await fails({ 'orders.parquet': 'not parquet' }, wire)).toMatch(/orders.parquet cannot be read: /);
  const missing = importOrders({ files: [join(folder, 'gone.csv')], mapping: mappingOf(wire) }, collect());
  await expect(missing).rejects.toThrow(/gone.csv cannot be read: there is no such file/);
});
