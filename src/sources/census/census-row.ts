/** The tables of census figures, from the whole to the parts. `census_zip` holds ZCTAs, the areas that stand for ZIP codes. */
export const censusTables = ['census_state', 'census_county', 'census_place', 'census_zip'] as const;
export type CensusTable = (typeof censusTables)[number];

/** What is measured anew with each vintage; each has the year it is of beside it. */
export const censusMeasures = ['population', 'households', 'median_household_income', 'median_age'] as const;
export type CensusMeasure = (typeof censusMeasures)[number];

/** A geography with its figures. What the Bureau did not publish is null, and so is its year. */
export interface CensusRow {
  /** FIPS code: 2 digits for a state, 5 for a county, 7 for a place, the ZCTA's own 5 for a ZCTA. */
  readonly geoid: string;
  readonly name: string;
  /** USPS code; null for a ZCTA that no list of ZIP codes knows. */
  readonly state: string | null;
  /** Counted on 1 April 2020. */
  readonly population_2020: number | null;
  /** The newest estimate. */
  readonly population: number | null;
  readonly population_year: number | null;
  readonly households: number | null;
  readonly households_year: number | null;
  /** Dollars of its year; 250,001 stands for more than 250,000, and 2,499 for less than 2,500. */
  readonly median_household_income: number | null;
  readonly median_household_income_year: number | null;
  /** Years of age. */
  readonly median_age: number | null;
  readonly median_age_year: number | null;
  readonly land_sq_km: number | null;
  readonly vintage: string;
  readonly source: string;
}

/** Who publishes every figure; which of its programmes a figure is of stands in the manifest. */
export const censusSource = 'U.S. Census Bureau';

/** Where the figures of one column of one table come from. */
export interface MeasureOrigin {
  readonly table: CensusTable;
  readonly measure: CensusMeasure | 'population_2020' | 'land_sq_km';
  /** Null for land, which hardly changes. */
  readonly year: number | null;
  readonly source: string;
}

/** What a vintage holds: `snapshot.json` beside its files. */
export interface VintageManifest {
  readonly vintage: string;
  readonly rows: Readonly<Record<CensusTable, number>>;
  readonly origins: readonly MeasureOrigin[];
}
