import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { describe, expect, test } from 'vitest';
import { importFiles as run } from './collect.ts';

const fixed = `
  store_id: { constant: s-1 }
  channel: { constant: carryout }`;

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
    const parquet = await parquetOf(
      `SELECT 7::BIGINT AS id, DATE '2015-01-05' AS day, TIME '19:03:00' AS time, 3.0::DOUBLE AS customer,
       16.49::FLOAT AS price, ['Ham', 'Corn'] AS toppings, {'state': 'TX', 'city': 'Austin'} AS place,
       TIMESTAMPTZ '2015-01-05 20:00:00+00' AS done`,
    );
    const sink = await run(
      { 'sales.parquet': parquet },
      `
source: till
zone: America/Chicago
files: { sales: {}, places: { each: sales.place } }
order: { from: sales, order_id: id, ordered_at: { columns: [day, time] }, completed_at: done, customer_id: customer,
  deliver_to: { state: places.state, city: places.city }${fixed.replace(/\n {2}/g, ', ')} }
line: { from: sales, kind: { constant: pizza }, unit_price: price, toppings: toppings }
`,
    );
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

/** A Parquet file with the rows of a query. */
async function parquetOf(select: string): Promise<Uint8Array> {
  const folder = await mkdtemp(join(tmpdir(), 'slicehouse-parquet-'));
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    const path = join(folder, 'rows.parquet');
    await connection.run(`COPY (${select}) TO '${path}' (FORMAT parquet)`);
    return await readFile(path);
  } finally {
    connection.closeSync();
    instance.closeSync();
    await rm(folder, { recursive: true, force: true });
  }
}
