import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Collected, collect } from './collect.ts';
import { importOrders } from './import-orders.ts';
import { readMapping } from './read-mapping.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'slicehouse-layout-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function run(files: Record<string, string | Uint8Array>, mapping: string): Promise<Collected> {
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
  const sink = collect();
  const paths = Object.keys(files).map((name) => join(folder, name));
  await importOrders({ files: paths, mapping: readMapping(mapping, 'mapping.yaml') }, sink);
  return sink;
}

const fixed = `
  store_id: { constant: s-1 }
  channel: { constant: carryout }`;

describe('flat files', () => {
  const mapping = `
source: till
zone: America/Chicago
files: { sales: {} }
order:
  order_id: Order No
  ordered_at: Sold At${fixed}
  customer_id: Customer
  discount: Discount
line:
  kind: { column: Type, values: { Food: pizza, Beverage: drink } }
  menu_item: Item
  size: Size
  quantity: Qty
  unit_price: Price
  toppings: { column: Toppings, separator: '+' }
`;

  test('a row a line: rows of an order come together wherever they stand, columns of the order from its first row', async () => {
    const { orders, origins, rejects } = await run(
      {
        'sales.csv': `\ufeffOrder No,Sold At,Customer,Discount,Type,Item,Size,Qty,Price,Toppings\r
A-1,1/5/2015 7:03 PM,c-9,1.50,Food,"Big, ""Meaty"" Pie",L,2,"$1,012.75",Pepperoni + Ham\r
A-2,1/5/2015 7:04 PM,NaN,-,Beverage,Cola,null,1,$2.00,None\r
\r
A-1,,,,Beverage,"Root
Beer",,1,2,\r
`,
      },
      mapping,
    );
    expect(rejects).toEqual([]);
    expect(origins).toEqual(['sales.csv row 2', 'sales.csv row 3']);
    expect(orders).toEqual([
      {
        order_id: 'A-1',
        ordered_at: '2015-01-05T19:03:00-06:00',
        store_id: 's-1',
        channel: 'carryout',
        customer_id: 'c-9',
        discount_cents: 150,
        lines: [
          {
            kind: 'pizza',
            menu_item: 'Big, "Meaty" Pie',
            size: 'L',
            quantity: 2,
            unit_price_cents: 101_275,
            toppings: ['Pepperoni', 'Ham'],
          },
          { kind: 'drink', menu_item: 'Root\nBeer', quantity: 1, unit_price_cents: 200 },
        ],
      },
      {
        order_id: 'A-2',
        ordered_at: '2015-01-05T19:04:00-06:00',
        store_id: 's-1',
        channel: 'carryout',
        lines: [{ kind: 'drink', menu_item: 'Cola', quantity: 1, unit_price_cents: 200 }],
      },
    ]);
  });

  test.each([
    ['semicolons', ';', (text: string) => text],
    ['tabs', '\t', (text: string) => text],
    ['bars and gzip', '|', (text: string) => gzipSync(text)],
    ['UTF-16', ',', (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le')],
    ['latin-1', ',', (text: string) => Buffer.from(text, 'latin1')],
  ])('%s', async (what, delimiter, encode) => {
    const rows = [
      'Order No,Sold At,Customer,Discount,Type,Item,Size,Qty,Price,Toppings',
      'A-1,2015-01-05 19:03,c-9,,Food,Jalapeño,L,1,9.5,Jalapeño+Ham',
    ];
    const name = what.includes('gzip') ? 'x.csv.gz' : 'x.csv';
    const { orders } = await run({ [name]: encode(`${rows.join('\n').replaceAll(',', delimiter)}\n`) }, mapping);
    expect(orders[0]?.lines).toEqual([
      {
        kind: 'pizza',
        menu_item: 'Jalapeño',
        size: 'L',
        quantity: 1,
        unit_price_cents: 950,
        toppings: ['Jalapeño', 'Ham'],
      },
    ]);
  });

  test('no header, rows above, cells filled down, fees left out, whole-line prices, discounts a line', async () => {
    const { orders } = await run(
      {
        'export.txt': `Daily report;;;;;\n;;;;;\n1001;05.01.2015 12:30;Pizza;3;10,00;1,00\n;;Service fee;1;2,00;\n;;Pizza;1;1.004,50;0,50\n1002;05.01.2015 12:31;Pizza;2;10,00;\n`,
      },
      `
source: till
files:
  sales:
    columns: [id, at, item, qty, total, off]
    skip_rows: 2
    fill_down: [id, at]
    skip: { item: [service FEE] }
order:
  order_id: id
  ordered_at: { column: at, format: DD.MM.YYYY HH:mm, zone: America/New_York }${fixed}
line:
  kind: { constant: pizza }
  menu_item: item
  quantity: qty
  line_price: { column: total, decimal: ',' }
  discount: { column: off, decimal: ',' }
`,
    );
    expect(orders.map(({ order_id, ordered_at, discount_cents }) => [order_id, ordered_at, discount_cents])).toEqual([
      ['1001', '2015-01-05T12:30:00-05:00', 150],
      ['1002', '2015-01-05T12:31:00-05:00', undefined],
    ]);
    const priced = orders.map(({ lines }) => lines.map((line) => [line.quantity, line.unit_price_cents]));
    expect(priced).toEqual([
      [
        [1, 334],
        [2, 333],
        [1, 100_450],
      ],
      [[2, 500]],
    ]);
  });

  test('one row an order with the lines as text', async () => {
    const { orders } = await run(
      { 'shop.csv': 'id,at,items\n7,1420484580,2x Margherita (L) @ 12.50; 1x Cola @ 2\n' },
      `
source: shop
zone: America/Los_Angeles
files:
  shop: {}
  items: { each: shop.items, separator: ';', extract: '^(?<qty>\\d+)x (?<name>.+?)(?: \\((?<size>\\w+)\\))? @ (?<price>[\\d.]+)$' }
order:
  from: shop
  order_id: { template: 'web-{id}' }
  ordered_at: at${fixed}
line:
  from: items
  kind: { column: name, values: { Cola: drink }, otherwise: pizza }
  menu_item: name
  size: { column: size, default: medium }
  quantity: qty
  unit_price: price
`,
    );
    expect(orders).toMatchObject([{ order_id: 'web-7', ordered_at: '2015-01-05T11:03:00-08:00' }]);
    expect(orders[0]?.lines).toEqual([
      { kind: 'pizza', menu_item: 'Margherita', size: 'L', quantity: 2, unit_price_cents: 1250 },
      { kind: 'drink', menu_item: 'Cola', size: 'medium', quantity: 1, unit_price_cents: 200 },
    ]);
  });

  test('lines as JSON in a column of a CSV file, with the menu in another file and places as text', async () => {
    const { orders, stores } = await run(
      {
        'orders.csv': `id,when,shop,ship_to,how,state,lines\n1,2015-01-05T19:03:00Z,"Austin, TX","12 Elm St, Round Rock, Texas 78664",Uber Eats,Cancelled,"[{""sku"":""m1"",""n"":2},{""sku"":""c1"",""n"":1}]"\n`,
        'menu.csv': 'sku,title,kind,cents\nm1,Margherita,pizza,1250\nc1,Cola,drink,200\n',
      },
      `
source: shop
zone: America/Chicago
files:
  orders: { file: orders.csv }
  items: { each: orders.lines }
  menu: { file: menu.csv, join: { sku: items.sku } }
stores: { store_id: shop, place: shop, time_zone: { constant: America/Chicago } }
order:
  from: orders
  order_id: id
  ordered_at: when
  store_id: shop
  status: { column: state, values: { cancelled: voided }, otherwise: placed }
  channel: { column: how, values: { 'uber eats': third_party } }
  deliver_to: { place: ship_to }
line:
  from: items
  kind: menu.kind
  menu_item: menu.title
  quantity: n
  unit_price: { column: menu.cents, unit: cents }
`,
    );
    expect(stores).toEqual([{ store_id: 'Austin, TX', time_zone: 'America/Chicago', city: 'Austin', state: 'TX' }]);
    expect(orders).toEqual([
      {
        order_id: '1',
        ordered_at: '2015-01-05T13:03:00-06:00',
        store_id: 'Austin, TX',
        status: 'voided',
        channel: 'third_party',
        deliver_to: { city: 'Round Rock', state: 'TX', zip: '78664' },
        lines: [
          { kind: 'pizza', menu_item: 'Margherita', quantity: 2, unit_price_cents: 1250 },
          { kind: 'drink', menu_item: 'Cola', quantity: 1, unit_price_cents: 200 },
        ],
      },
    ]);
  });
});

describe('files in the wire format', () => {
  const order = {
    order_id: 'A-1',
    revision: 2,
    ordered_at: '2026-02-08T18:31:07-06:00',
    store_id: 's-1',
    channel: 'delivery',
    lines: [
      { kind: 'pizza', toppings: ['ham', { name: 'corn', portion: 'left' }], quantity: 1, unit_price_cents: 900 },
    ],
  };

  test('as they are', async () => {
    const { orders, origins } = await run(
      { 'a.ndjson': `${JSON.stringify(order)}\n`, 'b.jsonl': `\n${JSON.stringify({ ...order, order_id: 'B' })}` },
      'source: till\nfiles: { orders: {} }\norder: { wire: true }',
    );
    expect(orders).toEqual([order, { ...order, order_id: 'B' }]);
    expect(origins).toEqual(['a.ndjson row 1', 'b.jsonl row 2']);
  });

  test('nearly: some members of order and lines are named otherwise', async () => {
    const { order_id, ordered_at, lines, ...same } = order;
    const near = { ...same, ref: { id: 12_345 }, at: '2026-02-08 18:31', positions: [{ ...lines[0], cost: 9.5 }] };
    const { orders } = await run(
      { 'a.json': JSON.stringify([near, { ...near, ref: { id: 'x' } }], null, 2) },
      `
source: till
zone: America/Chicago
files: { orders: {}, positions: { each: orders.positions } }
order: { wire: true, from: orders, order_id: ref.id, ordered_at: at }
line: { wire: true, from: positions, unit_price: cost }
`,
    );
    expect(orders.map((other) => other.order_id)).toEqual(['12345', 'x']);
    expect(orders[0]).toMatchObject({ ordered_at: '2026-02-08T18:31:00-06:00', revision: 2 });
    expect(orders[0]?.lines).toEqual([{ ...lines[0], cost: 9.5, unit_price_cents: 950 }]);
  });

  test('one object with the orders in a member', async () => {
    const { order_id, lines, ...same } = order;
    const shop = {
      shop: 's-9',
      orders: [
        { ...same, lines, order_id },
        { order_id: 'x', lines },
        { ...same, lines, order_id: 'B' },
      ],
    };
    const { orders, origins, rejects } = await run(
      { 'export.json': JSON.stringify(shop, null, 2) },
      'source: till\nfiles: { export: {}, orders: { each: export.orders } }\norder: { wire: true, from: orders, store_id: export.shop }',
    );
    expect(orders.map((other) => [other.order_id, other.store_id])).toEqual([
      ['A-1', 's-9'],
      ['B', 's-9'],
    ]);
    expect(origins).toEqual(['export.json row 1 element 1', 'export.json row 1 element 3']);
    expect(rejects.map(({ origin }) => origin)).toEqual(['export.json row 1 element 2']);
  });

  test('identifiers too long for floating point keep their digits', async () => {
    const { orders } = await run(
      {
        'a.ndjson': `{"id":12345678901234567890,"note":"1,1234567890123456789 ,2","lines":[]}\n`.replace(
          '[]',
          JSON.stringify(order.lines),
        ),
      },
      `source: till\nfiles: { a: {} }\norder: { wire: true, order_id: id, ordered_at: { constant: '2026-02-08T18:31:07Z' }, store_id: { constant: s }, channel: { constant: delivery } }`,
    );
    expect(orders).toMatchObject([{ order_id: '12345678901234567890', note: '1,1234567890123456789 ,2' }]);
  });
});

describe('several files', () => {
  test('toppings are rows of a file of their own, named in another', async () => {
    const { orders } = await run(
      {
        'orders.csv': 'id,at\n1,2015-01-05T19:03:00Z\n',
        'items.csv': 'item,order,price\n10,1,9\n11,1,8\n',
        'item_toppings.csv': 'item,topping,side,much\n10,2,L,\n10,1,,double\n',
        'toppings.csv': 'id,name\n1,Ham\n2,Corn\n3,Unused\n',
      },
      `
source: till
files:
  orders: {}
  items: { join: { order: orders.id } }
  item_toppings: { join: { item: items.item } }
  toppings: { join: { id: item_toppings.topping } }
order: { from: orders, order_id: id, ordered_at: at${fixed.replace(/\n {2}/g, ', ')} }
line:
  from: items
  kind: { constant: pizza }
  unit_price: price
  toppings:
    from: item_toppings
    name: toppings.name
    portion: { column: side, values: { L: left, R: right } }
    amount: { column: much, values: { double: extra } }
`,
    );
    expect(orders[0]?.lines).toEqual([
      {
        kind: 'pizza',
        quantity: 1,
        unit_price_cents: 900,
        toppings: [
          { name: 'Corn', portion: 'left' },
          { name: 'Ham', amount: 'extra' },
        ],
      },
      { kind: 'pizza', quantity: 1, unit_price_cents: 800 },
    ]);
  });

  test('an order leads to its lines over a file between them; two files of one kind are read as one', async () => {
    const { orders, origins } = await run(
      {
        'orders-1.csv': 'id,at\n1,2015-01-05T19:03:00Z\n',
        'orders-2.csv': 'at,id\n2015-01-06T19:03:00Z,2\n',
        'checks.csv': 'check,order\nc1,1\nc2,2\nc3,1\n',
        'rows.csv': 'check,price\nc2,5\nc1,6\nc3,7\n',
      },
      `
source: till
files:
  orders: { file: orders-*.csv }
  checks: { join: { order: orders.id } }
  rows: { join: { check: checks.check } }
order: { from: orders, order_id: id, ordered_at: at${fixed.replace(/\n {2}/g, ', ')} }
line: { from: rows, kind: { constant: side }, unit_price: price }
`,
    );
    expect(orders.map(({ order_id, lines }) => [order_id, lines.map((line) => line.unit_price_cents)])).toEqual([
      ['1', [600, 700]],
      ['2', [500]],
    ]);
    expect(origins).toEqual(['orders-1.csv row 2', 'orders-2.csv row 2']);
  });

  test('Parquet with dates, times, decimals, lists and structures', async () => {
    const path = join(folder, 'sales.parquet');
    const instance = await DuckDBInstance.create(':memory:');
    const connection = await instance.connect();
    await connection.run(
      `COPY (SELECT 7::BIGINT AS id, DATE '2015-01-05' AS day, TIME '19:03:00' AS time, 3.0::DOUBLE AS customer,
       16.49::FLOAT AS price, ['Ham', 'Corn'] AS toppings, {'state': 'TX', 'city': 'Austin'} AS place,
       TIMESTAMPTZ '2015-01-05 20:00:00+00' AS done) TO '${path}' (FORMAT parquet)`,
    );
    connection.closeSync();
    instance.closeSync();
    const sink = collect();
    const mapping = readMapping(
      `
source: till
zone: America/Chicago
files: { sales: {}, places: { each: sales.place } }
order: { from: sales, order_id: id, ordered_at: { columns: [day, time] }, completed_at: done, customer_id: customer,
  deliver_to: { state: places.state, city: places.city }${fixed.replace(/\n {2}/g, ', ')} }
line: { from: sales, kind: { constant: pizza }, unit_price: price, toppings: toppings }
`,
      'm',
    );
    await importOrders({ files: [path], mapping }, sink);
    expect(sink.rejects).toEqual([]);
    expect(sink.orders).toEqual([
      {
        order_id: '7',
        ordered_at: '2015-01-05T19:03:00-06:00',
        completed_at: '2015-01-05T14:00:00-06:00',
        store_id: 's-1',
        channel: 'carryout',
        customer_id: '3',
        deliver_to: { state: 'TX', city: 'Austin' },
        lines: [{ kind: 'pizza', quantity: 1, unit_price_cents: 1649, toppings: ['Ham', 'Corn'] }],
      },
    ]);
  });
});
