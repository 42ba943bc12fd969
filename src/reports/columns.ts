import type { Column } from '../contract/report.ts';

/** Columns that several reports share, so that they mean the same everywhere. */
export const columns = {
  rank: {
    name: 'rank',
    type: 'integer',
    unit: 'rank',
    description: 'By pizzas, then revenue, then combination; from 1',
  },
  combination: { name: 'combination', type: 'string', description: 'Canonical key of the combination' },
  label: { name: 'label', type: 'string', description: 'What a person calls it' },
  crust: { name: 'crust', type: 'string', description: 'Canonical crust' },
  sauce: { name: 'sauce', type: 'string', description: 'Canonical sauce' },
  cheese: { name: 'cheese', type: 'string', description: 'Canonical cheese' },
  toppings: { name: 'toppings', type: 'json', description: 'Toppings: name, portion, amount' },
  pizzas: { name: 'pizzas', type: 'integer', unit: 'pizzas', description: 'Pizzas sold, net of voids' },
  pizzaRevenue: {
    name: 'revenue_cents',
    type: 'integer',
    unit: 'cents',
    description: 'Net revenue of these pizzas: after discounts, without tax, tip and delivery fee',
  },
  revenue: {
    name: 'revenue_cents',
    type: 'integer',
    unit: 'cents',
    description: 'Net revenue of all lines: after discounts, without tax, tip and delivery fee',
  },
  revenueOfPizzas: {
    name: 'pizza_revenue_cents',
    type: 'integer',
    unit: 'cents',
    description: 'The part of it that pizzas brought',
  },
  revenuePerPizza: {
    name: 'revenue_per_pizza_cents',
    type: 'integer',
    unit: 'cents',
    description: 'Net revenue of pizzas divided by pizzas, rounded to the cent',
  },
  uniqueCustomers: {
    name: 'unique_customers',
    type: 'integer',
    unit: 'customers',
    description: 'Different known customers; guests are not counted',
  },
  orders: { name: 'orders', type: 'integer', unit: 'orders', description: 'Orders, net of voids' },
} as const satisfies Record<string, Column>;

/** Figures beside those of the Census Bureau; null for `unresolved` and where it published none. */
export const perCapita: readonly Column[] = [
  { name: 'pizzas_per_10k_people', type: 'number', unit: 'pizzas', description: 'Pizzas per 10,000 people' },
  {
    name: 'revenue_cents_per_10k_people',
    type: 'integer',
    unit: 'cents',
    description: 'Net revenue per 10,000 people, rounded to the cent',
  },
  { name: 'customers_per_10k_people', type: 'number', unit: 'customers', description: 'Customers per 10,000 people' },
  { name: 'pizzas_per_1k_households', type: 'number', unit: 'pizzas', description: 'Pizzas per 1,000 households' },
  {
    name: 'revenue_cents_per_1k_households',
    type: 'integer',
    unit: 'cents',
    description: 'Net revenue per 1,000 households, rounded to the cent',
  },
  {
    name: 'customers_per_1k_households',
    type: 'number',
    unit: 'customers',
    description: 'Customers per 1,000 households',
  },
  {
    name: 'revenue_index',
    type: 'integer',
    unit: 'index',
    description: 'Net revenue per person against all states with sales in the selection, which are 100',
  },
  { name: 'population', type: 'integer', unit: 'people', description: 'People, U.S. Census Bureau' },
  { name: 'population_year', type: 'integer', description: 'The year that population is of' },
  { name: 'households', type: 'integer', unit: 'households', description: 'Households, U.S. Census Bureau' },
  { name: 'households_year', type: 'integer', description: 'The last year that households are of' },
  { name: 'census_vintage', type: 'string', description: 'Which release of figures they come from' },
];
