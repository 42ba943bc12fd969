import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CensusImport } from '../../src/warehouse/warehouse.ts';
import { anOrder, aPizza, delivered } from '../support/orders.ts';
import type { WarehouseBench } from './warehouse-bench.ts';

const texas = { geoid: '48', name: 'Texas', state: 'TX', population: 30_000_000, households: 10_000_000 };
const wyoming = { geoid: '56', name: 'Wyoming', state: 'WY', population: 600_000, households: 250_000 };
const rest = {
  population_2020: 1,
  population_year: 2025,
  households_year: 2023,
  median_household_income: null,
  median_household_income_year: null,
  median_age: 39.5,
  median_age_year: 2024,
  land_sq_km: 1.5,
  source: 'U.S. Census Bureau',
};

/** Files of a vintage that has these states and nothing else. */
function vintage(bench: WarehouseBench, name: string, states: readonly object[], rows = states.length): CensusImport {
  const write = (table: string, records: readonly object[]): string => {
    const path = join(bench.folder, `${table}.ndjson`);
    writeFileSync(path, records.map((record) => JSON.stringify({ ...rest, ...record, vintage: name })).join('\n'));
    return path;
  };
  return {
    census_state: { path: write('census_state', states), rows },
    census_county: { path: write('census_county', []), rows: 0 },
    census_place: { path: write('census_place', []), rows: 0 },
    census_zip: { path: write('census_zip', []), rows: 0 },
  };
}

/** Sales beside the people there are. */
export function testCensus(newBench: () => Promise<WarehouseBench>): void {
  describe('sets sales beside census figures', () => {
    const sold = async (bench: WarehouseBench): Promise<void> => {
      const at = (id: string, state: string, cents: number) =>
        anOrder({ order_id: id, customer_id: id, deliver_to: { state }, lines: [aPizza({ unit_price_cents: cents })] });
      await bench.load(
        [at('A-1', 'TX', 30_000), at('A-2', 'WY', 1_200), at('A-3', 'Ontario', 500)].map((one) => delivered(one)),
      );
    };

    it('per 10,000 people and 1,000 households, with an index against the states it sells in', async () => {
      const bench = await newBench();
      await sold(bench);
      const before = bench.warehouse.status().dataVersion;
      expect(await bench.warehouse.replaceCensus(vintage(bench, 'v-1', [texas, wyoming]))).toBe(2);
      expect(bench.warehouse.status().dataVersion).toBeGreaterThan(before);
      expect(await bench.report('sales-by-state')).toMatchObject([
        {
          state: 'TX',
          revenue_cents_per_10k_people: 10,
          pizzas_per_10k_people: 1 / 3000,
          customers_per_10k_people: 1 / 3000,
          revenue_cents_per_1k_households: 3,
          pizzas_per_1k_households: 1 / 10_000,
          revenue_index: 98,
          population: 30_000_000,
          population_year: 2025,
          households_year: 2023,
          census_vintage: 'v-1',
        },
        { state: 'WY', revenue_cents_per_10k_people: 20, revenue_index: 196, households: 250_000 },
        { state: 'unresolved', revenue_cents: 500, revenue_index: null, population: null, census_vintage: null },
      ]);
    });

    it('and keeps the vintage it has when a new one is not whole', async () => {
      const bench = await newBench();
      await sold(bench);
      await bench.warehouse.replaceCensus(vintage(bench, 'v-1', [texas, wyoming]));
      await expect(bench.warehouse.replaceCensus(vintage(bench, 'v-2', [texas], 2))).rejects.toThrow('has 1 rows');
      const states = await bench.warehouse.query('SELECT state, vintage FROM census_state ORDER BY state');
      expect(states).toEqual([
        { state: 'TX', vintage: 'v-1' },
        { state: 'WY', vintage: 'v-1' },
      ]);
    });

    it('and reports all the same without any', async () => {
      const bench = await newBench();
      await sold(bench);
      expect(await bench.report('sales-by-state')).toMatchObject([
        { state: 'TX', orders: 1, population: null },
        { state: 'WY', orders: 1 },
        { state: 'unresolved', orders: 1 },
      ]);
    });
  });
}
