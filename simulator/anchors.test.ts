import { beforeAll, describe, expect, it } from 'vitest';
import type { Order } from '../src/contract/order.ts';
import { createVocabulary, defaultSynonyms } from '../src/contract/vocabulary.ts';
import { dateOf, dayOf } from './calendar.ts';
import { type ChainStore, createChain } from './chain.ts';
import { postsOf, writeOrder } from './order-draft.ts';
import { ordersOfStoreDay, usualCrowd } from './store-orders.ts';

/** What is published about pizza orders, and how near the simulator comes. docs/simulator.md names the sources. */
const chain = createChain({ seed: 1, stores: 300 });
const vocabulary = createVocabulary(defaultSynonyms);
const orders: { store: ChainStore; order: Order; fate: string }[] = [];
const toppingShares = new Map<string, Map<string, number>>();

beforeAll(() => {
  for (let day = dayOf('2026-06-08'); day < dayOf('2026-06-15'); day++) {
    for (const store of chain.stores) {
      for (const draft of ordersOfStoreDay(chain, store, dateOf(day))) {
        const [placed] = postsOf(draft);
        if (placed) orders.push({ store, order: JSON.parse(writeOrder(placed)) as Order, fate: draft.fate });
      }
    }
  }
  for (const state of [...new Set(chain.stores.map(({ place }) => place.state)), 'US']) {
    toppingShares.set(state, shares(state));
  }
});

/** Share of a state's pizzas that carry each topping. */
function shares(state: string): Map<string, number> {
  const sold = orders.filter(({ store }) => state === 'US' || store.place.state === state);
  const pizzas = sold.flatMap(({ order }) => order.lines.filter(({ kind }) => kind === 'pizza'));
  const total = pizzas.reduce((sum, { quantity }) => sum + quantity, 0);
  const found = new Map<string, number>();
  for (const { toppings = [], quantity } of pizzas) {
    for (const topping of toppings) {
      const name = vocabulary.term('topping', typeof topping === 'string' ? topping : topping.name);
      found.set(name, (found.get(name) ?? 0) + quantity / total);
    }
  }
  return found;
}

function share(state: string, topping: string): number {
  return toppingShares.get(state)?.get(topping) ?? 0;
}

function ticketCents({ lines, discount_cents: discount = 0 }: Order): number {
  return lines.reduce((sum, line) => sum + line.quantity * line.unit_price_cents, -discount);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function between(value: number, least: number, most: number): void {
  expect(value).toBeGreaterThan(least);
  expect(value).toBeLessThan(most);
}

describe('toppings', () => {
  it('puts pepperoni on 37 to 38 % of pizzas', () => between(share('US', 'pepperoni'), 0.365, 0.388));

  it('puts pepperoni on twice as many pizzas in Georgia as in New York and California', () => {
    between(share('GA', 'pepperoni') / share('NY', 'pepperoni'), 1.8, 2.2);
    between(share('GA', 'pepperoni') / share('CA', 'pepperoni'), 1.8, 2.2);
  });

  it('puts mushrooms on 14 % in New York and 8 % in Tennessee', () => {
    between(share('NY', 'mushroom'), 0.125, 0.155);
    between(share('TN', 'mushroom'), 0.065, 0.095);
  });

  it('sells sausage second, in the country and in all states that are large enough to tell', () => {
    for (const state of ['US', 'CA', 'NY', 'TX', 'FL', 'PA', 'OH', 'GA', 'NC', 'IL', 'MI', 'TN', 'WA']) {
      const ranked = [...(toppingShares.get(state) ?? [])].sort((a, b) => b[1] - a[1]).map(([name]) => name);
      expect(ranked.slice(0, 2), state).toEqual(['pepperoni', 'sausage']);
    }
  });

  it.each([
    ['Hawaiian', ['OR', 'ND', 'MO', 'OH']],
    ['Veggie', ['CA', 'WA', 'MT', 'ID', 'MS', 'VT', 'NE']],
    ['Supreme', ['TN', 'AR', 'LA', 'OK', 'KS', 'TX', 'WY']],
    ['Meat Lovers', ['NC']],
  ])('sells %s more where it stands out', (item, loved) => {
    const lineShare = (inLoved: boolean) => {
      const pizzas = orders
        .filter(({ store }) => loved.includes(store.place.state) === inLoved)
        .flatMap(({ order }) => order.lines.filter(({ kind }) => kind === 'pizza'));
      return pizzas.filter(({ menu_item: name }) => name === item).length / pizzas.length;
    };
    expect(lineShare(true)).toBeGreaterThan(1.5 * lineShare(false));
  });
});

describe('channels and tickets', () => {
  const of = (channel: string) => orders.filter(({ order }) => order.channel === channel).map(({ order }) => order);

  it('delivers 46 % of orders and 57 % of sales; a delivery is worth 1.56 of what guests fetch', () => {
    const [delivery, carryout] = [of('delivery'), of('carryout')];
    between(delivery.length / orders.length, 0.45, 0.47);
    const sales = mean(orders.map(({ order }) => ticketCents(order))) * orders.length;
    between((mean(delivery.map(ticketCents)) * delivery.length) / sales, 0.55, 0.59);
    between(mean(delivery.map(ticketCents)) / mean(carryout.map(ticketCents)), 1.46, 1.66);
  });

  it('sells some 31 dollars an order', () =>
    between(mean(orders.map(({ order }) => ticketCents(order))), 2_950, 3_450));

  it('sells 74 orders a store and day, and some 2.1 lines an order', () => {
    between(orders.length / 7 / 300, 68, 78);
    between(mean(orders.map(({ order }) => order.lines.length)), 1.95, 2.25);
  });

  it('asks more in Oregon than in Oklahoma', () => {
    const large = (state: string) =>
      orders
        .filter(({ store }) => store.place.state === state)
        .flatMap(({ order }) => order.lines)
        .find(({ menu_item: name, size, crust }) => name === 'Cheese' && size === 'large' && crust === 'hand_tossed');
    between((large('OR')?.unit_price_cents ?? 0) / (large('OK')?.unit_price_cents ?? 1), 1.9, 2.3);
  });
});

describe('time', () => {
  it('peaks at 6 p.m. and on Friday', () => {
    const hours = new Map<string, number>();
    const days = new Map<string, number>();
    for (const { order } of orders) {
      const hour = order.ordered_at.slice(11, 13);
      hours.set(hour, (hours.get(hour) ?? 0) + 1);
      const day = order.order_id.slice(7, 15);
      days.set(day, (days.get(day) ?? 0) + 1);
    }
    const top = (counts: Map<string, number>) => [...counts].sort((a, b) => b[1] - a[1])[0]?.[0];
    expect(top(hours)).toBe('18');
    expect(top(days)).toBe('20260612');
  });

  it('sells a third to a half more on Super Bowl Sunday, earliest in the West, whatever the date', () => {
    const day = (date: string, profile: 'normal' | 'superbowl') =>
      chain.stores.flatMap((store) => ordersOfStoreDay(chain, store, date, { ...usualCrowd, profile }));
    const [game, sunday, asGame] = [
      day('2026-02-08', 'normal'),
      day('2026-06-14', 'normal'),
      day('2026-06-14', 'superbowl'),
    ];
    between(game.length / sunday.length, 1.35, 1.6);
    between(asGame.length / game.length, 0.95, 1.05);
    const meanHour = (state: string) =>
      mean(
        asGame
          .filter(({ store }) => store.place.state === state)
          .map(({ orderedAtMs, offsetMinutes }) => new Date(orderedAtMs + offsetMinutes * 60_000).getUTCHours()),
      );
    expect(meanHour('CA')).toBeLessThan(meanHour('NY') - 0.8);
  });
});

describe('people', () => {
  it('sees the top tenth of a store’s customers some 12.4 times a year', () => {
    const store = chain.stores.find(({ ordersPerDay }) => Math.abs(ordersPerDay - 73) < 3);
    if (store === undefined) throw new Error('The chain has no store of middle size.');
    const counts = new Map<number, number>();
    for (let day = dayOf('2026-01-01'); day < dayOf('2027-01-01'); day++) {
      for (const { customer } of ordersOfStoreDay(chain, store, dateOf(day))) {
        if (customer > 0) counts.set(customer, (counts.get(customer) ?? 0) + 1);
      }
    }
    const ranked = [...counts.values()].sort((a, b) => b - a);
    between(mean(ranked.slice(0, Math.round(ranked.length / 10))), 11.7, 13.2);
  });

  it.each([
    ['duplicate', 0.005],
    ['late', 0.003],
    ['amended', 0.01],
    ['voided', 0.007],
    ['timed_out', 0.003],
  ])('sees %s orders as often as planned', (fate, planned) => {
    const found = orders.filter((one) => one.fate === fate).length / orders.length;
    between(found / planned, 0.85, 1.15);
  });
});
