import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { importFiles as run } from './collect.ts';

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
