import { states } from '../../contract/states.ts';
import { CensusApiError } from './census-answer.ts';
import type { CensusMeasure, CensusTable } from './census-row.ts';

/** What the API calls the measures, in the detailed tables of the American Community Survey. */
const variableOf: Readonly<Record<CensusMeasure, string>> = {
  population: 'B01003_001E',
  households: 'B11001_001E',
  median_household_income: 'B19013_001E',
  median_age: 'B01002_001E',
};

export const variables = ['NAME', ...Object.values(variableOf)] as const;

/** What the Bureau answered of a geography. */
export interface Figures extends Readonly<Record<CensusMeasure, number | null>> {
  readonly geoid: string;
  /** As the Bureau writes it: "Autauga County, Alabama", "ZCTA5 00601". */
  readonly name: string;
}

/** How the geographies of a table are asked for, and the columns whose values make up the geoid. */
export const geographies: Readonly<
  Record<CensusTable, { for: string; perState: boolean; columns: readonly string[] }>
> = {
  census_state: { for: 'state:*', perState: false, columns: ['state'] },
  census_county: { for: 'county:*', perState: false, columns: ['state', 'county'] },
  census_place: { for: 'place:*', perState: true, columns: ['state', 'place'] },
  census_zip: {
    for: 'zip code tabulation area:*',
    perState: false,
    columns: ['zip code tabulation area'],
  },
};

const geoidLength: Readonly<Record<CensusTable, number>> = {
  census_state: 2,
  census_county: 5,
  census_place: 7,
  census_zip: 5,
};

/** Every value at or below this one says why there is none. */
const sentinelMax = -111_111_111;

const fips = new Set(states.map((state) => state.fips));

/**
 * Reads the rows of an answer; geographies outside the 50 states, DC and PR are left out.
 *
 * @throws CensusApiError naming the first value that is no figure or geoid
 */
export function readFigures(table: CensusTable, answer: readonly Readonly<Record<string, unknown>>[]): Figures[] {
  const figures = answer.map((row) => ({
    geoid: readGeoid(table, row),
    name: String(row['NAME'] ?? ''),
    population: readNumber(row, 'population'),
    households: readNumber(row, 'households'),
    median_household_income: readNumber(row, 'median_household_income'),
    median_age: readNumber(row, 'median_age'),
  }));
  return table === 'census_zip' ? figures : figures.filter(({ geoid }) => fips.has(geoid.slice(0, 2)));
}

function readGeoid(table: CensusTable, row: Readonly<Record<string, unknown>>): string {
  const geoid = geographies[table].columns.map((column) => row[column]).join('');
  if (!/^\d+$/.test(geoid) || geoid.length !== geoidLength[table])
    throw new CensusApiError('malformed', `The Census API names a geography of ${table} "${geoid.slice(0, 40)}".`);
  return geoid;
}

function readNumber(row: Readonly<Record<string, unknown>>, measure: CensusMeasure): number | null {
  const value = row[variableOf[measure]];
  if (value === null) return null;
  const number = typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : value;
  if (typeof number === 'number' && number <= sentinelMax) return null;
  if (typeof number === 'number' && number >= 0) return number;
  const where = `${row['NAME']}: ${variableOf[measure]}`;
  throw new CensusApiError('malformed', `The Census API gives no number for ${where}: ${JSON.stringify(value)}.`);
}
