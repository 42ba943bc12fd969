import { SlicehouseError } from '../contract/errors.ts';
import { columns, perCapita } from './columns.ts';
import { from, limit, state, to } from './parameters.ts';
import { defineReport, type Report } from './report.ts';

/** Every report there is. HTTP, command line, exports and dashboard are made from this list. */
export const catalogue: readonly Report[] = [
  defineReport({
    name: 'top-combinations',
    title: 'Best-selling combinations',
    description:
      'The best-selling pizza combinations of a state, or of the whole country, over a range of business dates.',
    parameters: { state, from, to, limit: limit(3) },
    columns: [
      columns.rank,
      columns.combination,
      columns.label,
      columns.crust,
      columns.sauce,
      columns.cheese,
      columns.toppings,
      columns.pizzas,
      columns.pizzaRevenue,
      columns.revenuePerPizza,
      columns.uniqueCustomers,
    ],
  }),
  defineReport({
    name: 'product-mix',
    title: 'Product mix',
    description: 'Every combination sold, with its share of all pizzas and the menu name it is most often sold under.',
    parameters: { state, from, to, limit: limit(100, { wholeFiles: true }) },
    columns: [
      columns.rank,
      columns.combination,
      { name: 'menu_item', type: 'string', description: 'The menu name it is most often sold under' },
      columns.label,
      columns.crust,
      columns.sauce,
      columns.cheese,
      columns.toppings,
      columns.pizzas,
      { name: 'share', type: 'number', unit: 'share', description: 'Of all pizzas in the selection, 0 to 1' },
      columns.pizzaRevenue,
      columns.revenuePerPizza,
      columns.uniqueCustomers,
    ],
  }),
  defineReport({
    name: 'sales-by-state',
    title: 'Sales by state',
    description:
      'Orders, pizzas, revenue and customers of each state with sales, also per 10,000 people and 1,000 households. Orders without a state are in `unresolved`.',
    parameters: { from, to },
    columns: [
      { name: 'state', type: 'string', description: 'USPS code, or `unresolved`' },
      columns.orders,
      columns.pizzas,
      columns.revenue,
      columns.revenueOfPizzas,
      columns.revenuePerPizza,
      columns.uniqueCustomers,
      ...perCapita,
    ],
  }),
  defineReport({
    name: 'sales-summary',
    title: 'Sales summary',
    description: 'The figures that matter first, of a state or of the whole country, in one row.',
    parameters: { state, from, to },
    columns: [
      columns.orders,
      columns.pizzas,
      columns.revenue,
      columns.revenueOfPizzas,
      columns.revenuePerPizza,
      columns.uniqueCustomers,
      { name: 'combinations', type: 'integer', unit: 'combinations', description: 'Different combinations sold' },
      { name: 'first_date', type: 'date', description: 'First business date with sales in the selection' },
      { name: 'last_date', type: 'date', description: 'Last business date with sales in the selection' },
    ],
  }),
  defineReport({
    name: 'sales-by-day',
    title: 'Sales by day',
    description: 'Orders, pizzas and revenue of each business date with sales.',
    parameters: { state, from, to },
    columns: [
      { name: 'business_date', type: 'date', description: 'Business date of the store' },
      columns.orders,
      columns.pizzas,
      columns.revenue,
      columns.revenueOfPizzas,
    ],
  }),
];

/**
 * The report of that name.
 *
 * @throws SlicehouseError `not_found` naming the reports there are
 */
export function findReport(name: string): Report {
  const report = catalogue.find((candidate) => candidate.name === name);
  if (report) return report;
  const names = catalogue.map((candidate) => candidate.name).join(', ');
  throw new SlicehouseError('not_found', `There is no report '${name.slice(0, 80)}'. There are ${names}.`);
}
