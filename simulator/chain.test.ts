import { expect, it } from 'vitest';
import { states } from '../src/contract/states.ts';
import { createChain } from './chain.ts';
import { readCountry } from './places.ts';

const chain = createChain({ seed: 1, stores: 300 });

it('has a store in every state, in DC and in Puerto Rico', () => {
  const places = new Set(chain.stores.map(({ place }) => place.state));
  expect([...places].sort()).toEqual(states.map(({ code }) => code).sort());
  expect(new Set(createChain({ seed: 9, stores: 52 }).stores.map(({ place }) => place.state)).size).toBe(52);
});

it('opens stores in proportion to the population, beyond one a state', () => {
  const { population } = readCountry();
  const people = [...population.values()].reduce((sum, count) => sum + count, 0);
  for (const state of ['CA', 'TX', 'FL', 'OH']) {
    const share = (population.get(state) ?? 0) / people;
    const stores = chain.stores.filter(({ place }) => place.state === state).length;
    expect(Math.abs(stores / 300 - share)).toBeLessThan(0.02);
  }
});

it('opens small chains where most people live', () => {
  const small = createChain({ seed: 1, stores: 3 }).stores.map(({ place }) => place.state);
  expect(small.sort()).toEqual(['CA', 'FL', 'TX']);
});

it('is equal for the same seed and another for another', () => {
  const sites = (seed: number) =>
    createChain({ seed, stores: 80 }).stores.map(({ storeId, area, ordersPerDay }) => [
      storeId,
      area.zip,
      ordersPerDay,
    ]);
  expect(sites(4)).toEqual(sites(4));
  expect(sites(4)).not.toEqual(sites(5));
});

it('numbers stores and customers without gaps, and puts each store near its ZIP code', () => {
  let next = 1;
  chain.stores.forEach((store, index) => {
    expect(store.storeId).toBe(`s-${String(index + 1).padStart(4, '0')}`);
    expect(store.firstCustomer).toBe(next);
    next += store.customerCount;
    expect(store.place.zips).toContain(store.area);
    expect(Math.abs(store.latitude - store.area.latitude)).toBeLessThan(0.02);
  });
  expect(chain.customerCount).toBe(next - 1);
});

it('keeps a few percent of the stores open round the clock', () => {
  const open = chain.stores.filter(({ hours }) => hours.roundTheClock).length;
  expect(open).toBeGreaterThan(300 * 0.03);
  expect(open).toBeLessThan(300 * 0.15);
});
