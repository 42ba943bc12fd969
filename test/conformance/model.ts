import { combinationOf } from '../../src/contract/combination.ts';
import { combinationLabel } from '../../src/contract/combination-label.ts';
import type { Order, OrderLine } from '../../src/contract/order.ts';
import type { Customer, Store } from '../../src/contract/reference.ts';
import { shareDiscount } from '../../src/contract/share-discount.ts';
import { stateCode, stateOf } from '../../src/contract/states.ts';
import { createVocabulary, defaultSynonyms } from '../../src/contract/vocabulary.ts';
import type { Row } from '../../src/warehouse/warehouse.ts';

/** The reports in plain TypeScript, worked out from final orders alone: what a warehouse is held against. */
export interface Known {
  readonly stores: Store[];
  readonly customers: Customer[];
}

const vocabulary = createVocabulary(defaultSynonyms);
const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
const distinct = (values: readonly unknown[]): number => new Set(values.filter((value) => value !== undefined)).size;

/** The state an order counts in. */
function marketState({ store_id, deliver_to, customer_id }: Order, { stores, customers }: Known): string {
  const home = customers.find((customer) => customer.customer_id === customer_id)?.home;
  const store = stores.find((candidate) => candidate.store_id === store_id);
  return (
    store?.state ??
    (deliver_to?.state && stateCode(deliver_to.state)) ??
    (home?.state && stateCode(home.state)) ??
    'unresolved'
  );
}

/** The store's local date, a day earlier before its closeout hour. Orders here are written in UTC. */
function businessDate({ ordered_at, store_id }: Order, { stores }: Known): string {
  const store = stores.find((candidate) => candidate.store_id === store_id);
  const timeZone = store ? (store.time_zone ?? stateOf(store.state)?.timeZone ?? 'UTC') : 'UTC';
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    hourCycle: 'h23',
    ...{ year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit' },
  }).formatToParts(new Date(ordered_at));
  const part = (type: string): string => parts.find((one) => one.type === type)?.value ?? '';
  const date = new Date(`${part('year')}-${part('month')}-${part('day')}T00:00:00Z`);
  const before = Number(part('hour')) < (store?.closeout_hour ?? 4);
  return new Date(date.getTime() - (before ? 86_400_000 : 0)).toISOString().slice(0, 10);
}

/** The placed orders of a state, or of all. */
function counted(orders: readonly Order[], known: Known, state: string | undefined): Order[] {
  return orders
    .filter((order) => order.status !== 'voided')
    .filter((order) => state === undefined || marketState(order, known) === state);
}

interface Sold {
  readonly line: OrderLine;
  readonly netCents: number;
  readonly customer: string | undefined;
}

function pizzasOf(orders: readonly Order[]): Sold[] {
  return orders
    .flatMap((order) => {
      const gross = order.lines.map((line) => line.quantity * line.unit_price_cents);
      const discounts = shareDiscount(gross, order.discount_cents ?? 0);
      return order.lines.map((line, index) => ({
        line,
        netCents: (gross[index] ?? 0) - (discounts[index] ?? 0),
        customer: order.customer_id,
      }));
    })
    .filter(({ line }) => line.kind === 'pizza');
}

const perPizza = (cents: number, pizzas: number): number | null => (pizzas === 0 ? null : Math.round(cents / pizzas));
const keyOf = ({ line }: Sold): string => combinationOf(line, vocabulary).key;

/** The row of `sales-summary`. */
export function summaryOf(orders: readonly Order[], known: Known, state: string | undefined): Row {
  const placed = counted(orders, known, state);
  const sold = pizzasOf(placed);
  const pizzas = sum(sold.map(({ line }) => line.quantity));
  const pizzaRevenue = sum(sold.map(({ netCents }) => netCents));
  const dates = placed.map((order) => businessDate(order, known)).sort();
  const revenue = placed.map(({ lines, discount_cents = 0 }) =>
    Math.max(0, sum(lines.map((line) => line.quantity * line.unit_price_cents)) - discount_cents),
  );
  return {
    orders: placed.length,
    pizzas,
    revenue_cents: sum(revenue),
    pizza_revenue_cents: pizzaRevenue,
    revenue_per_pizza_cents: perPizza(pizzaRevenue, pizzas),
    unique_customers: distinct(placed.map((order) => order.customer_id)),
    combinations: distinct(sold.map(keyOf)),
    first_date: dates[0] ?? null,
    last_date: dates.at(-1) ?? null,
  };
}

/** All rows of `top-combinations`. */
export function topCombinationsOf(orders: readonly Order[], known: Known, state: string | undefined): Row[] {
  const groups = new Map<string, Sold[]>();
  for (const sold of pizzasOf(counted(orders, known, state)))
    groups.set(keyOf(sold), [...(groups.get(keyOf(sold)) ?? []), sold]);
  return [...groups.values()]
    .map((group) => {
      const { key, ...parts } = combinationOf((group[0] as Sold).line, vocabulary);
      const pizzas = sum(group.map(({ line }) => line.quantity));
      const revenue = sum(group.map(({ netCents }) => netCents));
      return {
        combination: key,
        label: combinationLabel(parts),
        ...parts,
        toppings: JSON.stringify(parts.toppings),
        pizzas,
        revenue_cents: revenue,
        revenue_per_pizza_cents: perPizza(revenue, pizzas),
        unique_customers: distinct(group.map(({ customer }) => customer)),
      };
    })
    .sort(
      (a, b) => b.pizzas - a.pizzas || b.revenue_cents - a.revenue_cents || (a.combination < b.combination ? -1 : 1),
    )
    .map((row, index) => ({ rank: index + 1, ...row }));
}
