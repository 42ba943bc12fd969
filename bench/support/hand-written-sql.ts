import type { DuckDBConnection } from '@duckdb/node-api';
import type { TopCombinationRow } from '../../src/contract/report.ts';
import type { Selection } from './report-selections.ts';

/** A way to compute the rows of `top-combinations` straight from the tables, written for one selection at a time. */
export interface HandWrittenSql {
  readonly name: string;
  run(connection: DuckDBConnection, selection: Selection): Promise<TopCombinationRow[]>;
}

const rows = 3;

/** The filter as a person would write it: literals, and nothing that does not filter. */
function where({ state, from, to }: Selection): string {
  return [
    'combination_id IS NOT NULL',
    ...(state === undefined ? [] : [`market_state = '${state}'`]),
    ...(from === undefined ? [] : [`business_date >= DATE '${from}'`]),
    ...(to === undefined ? [] : [`business_date <= DATE '${to}'`]),
  ].join(' AND ');
}

const columns = `
  CAST(row_number() OVER (ORDER BY pizzas DESC, revenue_cents DESC, combination) AS INTEGER) AS rank,
  combination, label, crust, sauce, cheese, toppings, CAST(pizzas AS DOUBLE) AS pizzas,
  CAST(revenue_cents AS DOUBLE) AS revenue_cents, round(revenue_cents / pizzas) AS revenue_per_pizza_cents,
  CAST(unique_customers AS DOUBLE) AS unique_customers`;

const best = `ORDER BY pizzas DESC, revenue_cents DESC, combination LIMIT ${rows}`;

const onePass: HandWrittenSql = {
  name: 'one GROUP BY with COUNT(DISTINCT)',
  run: (connection, selection) =>
    read(
      connection,
      `SELECT ${columns} FROM (
        SELECT combination_id, sum(quantity) AS pizzas, sum(net_cents) AS revenue_cents,
          count(DISTINCT customer_id) AS unique_customers
        FROM order_line WHERE ${where(selection)} GROUP BY combination_id
      ) JOIN combination USING (combination_id) ${best}`,
    ),
};

const byCustomer: HandWrittenSql = {
  name: 'a GROUP BY of combination and customer, then one of combination',
  run: (connection, selection) =>
    read(
      connection,
      `SELECT ${columns} FROM (
        SELECT combination_id, sum(pizzas) AS pizzas, sum(revenue_cents) AS revenue_cents,
          count(customer_id) AS unique_customers
        FROM (
          SELECT combination_id, customer_id, sum(quantity) AS pizzas, sum(net_cents) AS revenue_cents
          FROM order_line WHERE ${where(selection)} GROUP BY ALL
        ) GROUP BY combination_id
      ) JOIN combination USING (combination_id) ${best}`,
    ),
};

const twoStatements: HandWrittenSql = {
  name: 'sums first, then the customers of the winners in a second statement',
  async run(connection, selection) {
    const filter = where(selection);
    const winners = await connection.runAndReadAll(
      `SELECT combination_id, pizzas, revenue_cents FROM (
        SELECT combination_id, sum(quantity) AS pizzas, sum(net_cents) AS revenue_cents
        FROM order_line WHERE ${filter} GROUP BY combination_id
      ) JOIN combination USING (combination_id) ${best}`,
    );
    const sums = winners.getRows().map(([id, pizzas, cents]) => `(${id}, ${pizzas}, ${cents})`);
    if (sums.length === 0) return [];
    const ids = winners.getRows().map(([id]) => String(id));
    return read(
      connection,
      `SELECT ${columns}
      FROM (VALUES ${sums.join(', ')}) AS sums(combination_id, pizzas, revenue_cents)
      JOIN combination USING (combination_id)
      JOIN (
        SELECT combination_id, count(DISTINCT customer_id) AS unique_customers
        FROM order_line WHERE ${filter} AND combination_id IN (${ids.join(', ')}) GROUP BY combination_id
      ) USING (combination_id) ${best}`,
    );
  },
};

/** The ways that are tried; the fastest one on a warehouse is what the product is compared with. */
export const handWrittenSql: readonly HandWrittenSql[] = [onePass, byCustomer, twoStatements];

async function read(connection: DuckDBConnection, sql: string): Promise<TopCombinationRow[]> {
  const reader = await connection.runAndReadAll(sql);
  return reader.getRowObjectsJS().map((row) => ({
    ...(row as unknown as TopCombinationRow),
    toppings: JSON.parse(String(row['toppings'])),
  }));
}
