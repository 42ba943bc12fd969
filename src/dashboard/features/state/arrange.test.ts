import { expect, test } from 'vitest';
import type { ProductMixRow } from '../../../contract/report.ts';
import { arrange } from './arrange.ts';

const row = (rank: number, menu_item: string | null, label: string, revenue_cents: number): ProductMixRow => ({
  rank,
  menu_item,
  label,
  revenue_cents,
  combination: label,
  crust: 'thin',
  sauce: 'tomato',
  cheese: 'regular',
  toppings: [],
  pizzas: 100 - rank,
  share: 0.1,
  revenue_per_pizza_cents: 1_000,
  unique_customers: 5,
});
const rows = [
  row(1, 'Pepperoni', 'Thin · pepperoni', 500),
  row(2, 'Diablo', 'Thin · jalapeño, pepperoni', 900),
  row(3, null, 'Thin · no toppings', 900),
];
const ranks = (sorted: readonly ProductMixRow[]) => sorted.map(({ rank }) => rank);

test('sorts by any column both ways, equal rows by rank', () => {
  expect(ranks(arrange(rows, { by: 'revenue', descending: true }, ''))).toEqual([2, 3, 1]);
  expect(ranks(arrange(rows, { by: 'revenue', descending: false }, ''))).toEqual([1, 2, 3]);
  expect(ranks(arrange(rows, { by: 'name', descending: false }, ''))).toEqual([3, 2, 1]);
  expect(ranks(arrange(rows, { by: 'share', descending: true }, ''))).toEqual([1, 2, 3]);
});

test('finds every word in name or label, without case and accents', () => {
  expect(ranks(arrange(rows, { by: 'pizzas', descending: true }, 'JALAPENO thin'))).toEqual([2]);
  expect(ranks(arrange(rows, { by: 'pizzas', descending: true }, 'cheese'))).toEqual([3]);
  expect(ranks(arrange(rows, { by: 'pizzas', descending: true }, 'pepperoni deep'))).toEqual([]);
});
