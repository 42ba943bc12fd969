import { DuckDBInstance } from '@duckdb/node-api';
import { beforeAll, describe, expect, it } from 'vitest';
import { states } from '../../contract/states.ts';
import { type CensusMeasure, type CensusRow, censusMeasures, censusTables } from './census-row.ts';
import { type CensusFiles, type CensusRows, censusFiles, readVintage } from './vintage.ts';

let snapshot: CensusFiles;
let rows: CensusRows;
beforeAll(async () => {
  snapshot = await censusFiles();
  rows = await readVintage(snapshot);
});

type Figure = CensusMeasure | 'population_2020';
const sum = (list: readonly CensusRow[], figure: Figure): number =>
  list.reduce((total, row) => total + (row[figure] ?? 0), 0);
const of = (list: readonly CensusRow[], geoid: string): CensusRow | undefined =>
  list.find((row) => row.geoid === geoid);

describe('the snapshot of census figures', () => {
  it('adds up to the nation, without Puerto Rico', () => {
    const nation = rows.census_state.filter(({ state }) => state !== 'PR');
    expect(nation).toHaveLength(51);
    expect(sum(nation, 'population_2020')).toBe(331_449_281);
    expect(sum(nation, 'population')).toBe(341_784_857);
    expect(sum(nation, 'households')).toBe(127_482_865);
  });

  it('has counties that add up to their states', () => {
    for (const { state, population, population_2020, households } of rows.census_state) {
      const counties = rows.census_county.filter((county) => county.state === state);
      expect(sum(counties, 'households')).toBe(households);
      if (state !== 'PR') expect(sum(counties, 'population')).toBe(population);
      if (state !== 'PR' && state !== 'CT') expect(sum(counties, 'population_2020')).toBe(population_2020);
    }
  });

  it('has the 52 states by the same codes and names as everything else', () => {
    const named = rows.census_state.map(({ geoid, state, name }) => ({ fips: geoid, code: state, name }));
    const expected = states.map(({ fips, code, name }) => ({ fips, code, name }));
    expect(named).toEqual(expected.sort((a, b) => (a.fips < b.fips ? -1 : 1)));
  });

  it('has the planning regions of Connecticut, which nobody counted in 2020', () => {
    const regions = rows.census_county.filter(({ state }) => state === 'CT');
    expect(regions).toHaveLength(9);
    for (const region of regions)
      expect(region).toMatchObject({
        name: expect.stringMatching(/ Planning Region$/),
        population_2020: null,
        population: expect.any(Number),
        population_year: 2025,
        median_age: null,
      });
  });

  it('has Puerto Rico, with the years of its own figures', () => {
    expect(of(rows.census_state, '72')).toMatchObject({ state: 'PR', population: 3_203_295, population_year: 2024 });
    const municipios = rows.census_county.filter(({ state }) => state === 'PR');
    expect(municipios).toHaveLength(78);
    for (const municipio of municipios)
      expect(municipio).toMatchObject({ population_year: 2023, population_2020: null, median_age_year: null });
  });

  it('says null for what is missing, and gives a year with what is not', () => {
    const isSound = (row: CensusRow): boolean =>
      censusMeasures.every((measure) => (row[measure] === null) === (row[`${measure}_year`] === null)) &&
      ([...censusMeasures, 'population_2020', 'land_sq_km'] as const).every((figure) => (row[figure] ?? 0) >= 0) &&
      row.vintage === snapshot.manifest.vintage &&
      row.source === 'U.S. Census Bureau';
    for (const table of censusTables) expect(rows[table].filter((row) => !isSound(row))).toEqual([]);
    expect(of(rows.census_county, '35011')).toMatchObject({ name: 'De Baca County', median_household_income: null });
  });

  it('has each geography once, in order, under a geoid of the right length', () => {
    const lengths = { census_state: 2, census_county: 5, census_place: 7, census_zip: 5 };
    for (const table of censusTables) {
      const geoids = rows[table].map(({ geoid }) => geoid);
      expect(geoids).toHaveLength(snapshot.manifest.rows[table]);
      expect(geoids).toEqual([...new Set(geoids)].sort());
      expect(geoids.every((geoid) => geoid.length === lengths[table] && /^\d+$/.test(geoid))).toBe(true);
    }
  });

  it('names a source for every figure that it has, and for none that it has not', () => {
    for (const table of censusTables) {
      const origins = snapshot.manifest.origins.filter((origin) => origin.table === table);
      for (const measure of censusMeasures) {
        const years = new Set(rows[table].map((row) => row[`${measure}_year`]).filter((year) => year !== null));
        const named = origins.filter((origin) => origin.measure === measure).map(({ year }) => year);
        expect([...named].sort()).toEqual([...years].sort());
      }
    }
  });

  it('is read by DuckDB as it is', async () => {
    const instance = await DuckDBInstance.create();
    const connection = await instance.connect();
    try {
      const reader = await connection.runAndReadAll(
        `SELECT geoid, sum(population_2020) OVER () AS people FROM read_json($path, format = 'newline_delimited',
          columns = {geoid: 'VARCHAR', state: 'VARCHAR', population_2020: 'BIGINT'}) WHERE state <> 'PR' ORDER BY 1`,
        { path: snapshot.files.census_state },
      );
      expect(reader.getRowsJson()[0]).toEqual(['01', '331449281']);
    } finally {
      connection.closeSync();
      instance.closeSync();
    }
  });
});
