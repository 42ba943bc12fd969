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
