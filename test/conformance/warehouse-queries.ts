import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findReport } from '../../src/reports/catalogue.ts';
import { readParameters } from '../../src/reports/parameters.ts';
import type { Row } from '../../src/warehouse/warehouse.ts';
import { anOrder, aPizza, delivered } from '../support/orders.ts';
import type { WarehouseBench } from './warehouse-bench.ts';

const sql = `'; DROP TABLE order_line; --`;
const names = [sql, `" OR 1=1`, '🍕 “Größe”', 'tab\tand\nbreak', '\\u0041\\', '$state', '%s {0}', 'ﷺ'.repeat(20)];

/** Asking: what goes in as a value comes out as a value. */
export function testQueries(newBench: () => Promise<WarehouseBench>): void {
  describe('takes every text as text', () => {
    it.each(names)('in every string of an order: %j', async (text) => {
      const bench = await newBench();
      const id = text.slice(0, 60);
      const short = text.slice(0, 10);
      const order = anOrder({
        order_id: id,
        store_id: id,
        customer_id: id,
        deliver_to: { state: short, city: id, zip: short },
        lines: [aPizza({ menu_item: text, size: id.slice(0, 40), crust: id.slice(0, 40), toppings: [id] })],
      });
      await bench.load([delivered(order)]);
      await bench.load([delivered(order)]);
      const [head] = await bench.warehouse.query(
        'SELECT order_id, store_id, customer_id, deliver_city FROM order_head',
      );
      expect(head).toEqual({ order_id: id, store_id: id, customer_id: id, deliver_city: id });
      expect(await bench.report('product-mix')).toMatchObject([{ menu_item: text, pizzas: 1, unique_customers: 1 }]);
    });

    it('in reference data', async () => {
      const bench = await newBench();
      await bench.putStores({ store_id: sql, name: sql, state: 'TX', city: '🍕' });
      await bench.putCustomers({ customer_id: sql, home: { city: sql } });
      await bench.load([delivered(anOrder({ store_id: sql, customer_id: sql }))]);
      expect(await bench.warehouse.query('SELECT city FROM order_line')).toEqual([{ city: '🍕' }]);
    });

    it('in a parameter of a query', async () => {
      const bench = await newBench();
      for (const text of names)
        expect(await bench.warehouse.query('SELECT CAST($text AS VARCHAR) AS text', { text })).toEqual([{ text }]);
      const report = findReport('sales-summary');
      const parameters = { ...readParameters(report.parameters, {}), state: sql };
      expect(await bench.warehouse.query(report.sql, parameters)).toMatchObject([{ orders: 0 }]);
    });
  });

  describe('answers a query', () => {
    const digits = `digit AS (SELECT 0 AS d ${[1, 2, 3, 4, 5, 6, 7, 8, 9].map((d) => `UNION ALL SELECT ${d}`).join(' ')})`;
    const wide = `
      WITH ${digits}
      SELECT t.i AS number, CAST(t.i AS VARCHAR) AS text
      FROM (
        SELECT a.d + 10 * b.d + 100 * c.d + 1000 * e.d AS i
        FROM digit a CROSS JOIN digit b CROSS JOIN digit c CROSS JOIN digit e
      ) t
      WHERE t.i < CAST($rows AS BIGINT)
      ORDER BY t.i`;
    const places = ['a', 'b', 'c', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l', 'm'];
    const endless = `
      WITH ${digits}
      SELECT SUM(${places.map((place) => `${place}.d`).join(' * ')}) AS s
      FROM ${places.map((place) => `digit ${place}`).join(' CROSS JOIN ')}`;

    it('with the same rows whole and streamed, however many', async () => {
      const bench = await newBench();
      for (const rows of [0, 1, 10_000]) {
        const streamed: Row[] = [];
        for await (const chunk of bench.warehouse.stream(wide, { rows })) streamed.push(...chunk);
        expect(streamed).toHaveLength(rows);
        expect(streamed).toEqual(await bench.warehouse.query(wide, { rows }));
      }
    });

    it('with integers as numbers, dates as YYYY-MM-DD and instants in UTC', async () => {
      const bench = await newBench();
      await bench.load([delivered(anOrder())]);
      const sql = 'SELECT net_cents, business_date, ordered_at, customer_id FROM order_line';
      expect(await bench.warehouse.query(sql)).toEqual([
        { net_cents: 1000, business_date: '2026-02-08', ordered_at: '2026-02-09T00:31:07.000Z', customer_id: null },
      ]);
    });

    it('not, when its caller has gone', async () => {
      const bench = await newBench();
      const gone = new AbortController();
      const asked = bench.warehouse.query(endless, {}, gone.signal);
      setTimeout(() => gone.abort(), 20);
      await expect(asked).rejects.toThrow();
      expect(await bench.warehouse.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    });

    it('as a Parquet file, and says how many rows it has', async () => {
      const bench = await newBench();
      if (!bench.warehouse.capabilities.parquetExport) return;
      const path = join(bench.folder, "it's.parquet");
      expect(await bench.warehouse.exportParquet(wide, { rows: 1234 }, path)).toBe(1234);
      expect(existsSync(path)).toBe(true);
      rmSync(path);
    });

    it('while it loads', async () => {
      const bench = await newBench();
      const orders = Array.from({ length: 500 }, (_, id) => delivered(anOrder({ order_id: `A-${id}` })));
      const load = bench.load(orders);
      const counts = await Promise.all(Array.from({ length: 20 }, () => bench.summary()));
      await load;
      for (const { orders: counted } of counts) expect([0, 500]).toContain(counted);
      expect(await bench.summary()).toMatchObject({ orders: 500 });
    });
  });
}
