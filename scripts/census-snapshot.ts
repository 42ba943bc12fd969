/**
 * Writes the figures and ZIP codes that come with the software: `npx tsx scripts/census-snapshot.ts FROM [TO]`. FROM
 * holds states.csv, counties.csv, places.csv, zips.csv and zips_nonzcta.csv; TO is src/sources unless named.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import {
  type CensusRow,
  type CensusTable,
  censusMeasures,
  censusSource,
  type MeasureOrigin,
} from '../src/sources/census/census-row.ts';
import { placeName } from '../src/sources/census/place-name.ts';
import { type CensusRows, forEachTable, writeVintage } from '../src/sources/census/vintage.ts';
import type { ZipCode } from '../src/sources/geography/zip-codes.ts';

const vintage = 'snapshot-2025';
const squareKmPerMile = 2.589988110336;
const sentinelMax = -111_111_111;

const survey = (year: number): string => `${censusSource}, American Community Survey, five years to ${year}`;
const estimates = (year: number): string => `${censusSource}, population estimates of ${year}`;

/** The columns a figure is taken from: the first that is not empty counts. */
interface Measured {
  readonly table: CensusTable;
  readonly measure: (typeof censusMeasures)[number];
  readonly column: string;
  readonly year: number;
  readonly source: string;
}
const measured: readonly Measured[] = [
  { table: 'census_state', measure: 'population', column: 'pop_est', year: 2025, source: estimates(2025) },
  { table: 'census_state', measure: 'population', column: 'pop_est', year: 2024, source: estimates(2024) },
  { table: 'census_state', measure: 'households', column: 'households_acs_2023', year: 2023, source: survey(2023) },
  {
    table: 'census_state',
    measure: 'median_household_income',
    column: 'median_hh_income_2024',
    year: 2024,
    source: survey(2024),
  },
  {
    table: 'census_state',
    measure: 'median_age',
    column: 'median_age_2024',
    year: 2024,
    source: `${censusSource}, 2024`,
  },
  { table: 'census_county', measure: 'population', column: 'pop_2025_est', year: 2025, source: estimates(2025) },
  { table: 'census_county', measure: 'population', column: 'pop_acs_2023', year: 2023, source: survey(2023) },
  { table: 'census_county', measure: 'households', column: 'households_acs_2023', year: 2023, source: survey(2023) },
  {
    table: 'census_county',
    measure: 'median_household_income',
    column: 'median_hh_income_2024',
    year: 2024,
    source: survey(2024),
  },
  { table: 'census_county', measure: 'median_age', column: 'median_age_2019', year: 2019, source: survey(2019) },
  { table: 'census_place', measure: 'population', column: 'population', year: 2023, source: survey(2023) },
  { table: 'census_zip', measure: 'population', column: 'population', year: 2023, source: survey(2023) },
];

type Cells = Readonly<Record<string, string>>;

function readCsv(path: string): Cells[] {
  const [header = '', ...lines] = readFileSync(path, 'utf8').trim().split(/\r?\n/);
  const names = header.split(',');
  return lines.map((line) => {
    const cells = [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)].map(([, cell = '']) =>
      cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell,
    );
    return Object.fromEntries(names.map((name, index) => [name, cells[index] ?? '']));
  });
}

/** A text that must be there. */
function text(cells: Cells, column: string): string {
  const value = cells[column];
  if (value === undefined) throw new Error(`There is no column ${column}.`);
  return value;
}

/** A figure, or null where there is none. */
function figure(cells: Cells, column: string): number | null {
  const value = text(cells, column);
  if (value === '') return null;
  const number = Number(value);
  if (!Number.isFinite(number)) throw new Error(`${column} "${value}" is no number.`);
  return number <= sentinelMax ? null : number;
}

const rounded = (value: number, digits: number): number => Number(value.toFixed(digits));

function toRow(table: CensusTable, cells: Cells, identity: Pick<CensusRow, 'geoid' | 'name' | 'state'>): CensusRow {
  const land = figure(cells, 'land_sqmi');
  const values = censusMeasures.flatMap((measure) => {
    const found = measured
      .filter((one) => one.table === table && one.measure === measure)
      // The estimates of states are of years that differ, Puerto Rico's of an earlier one.
      .filter(({ column, year }) => column !== 'pop_est' || figure(cells, 'pop_est_year') === year)
      .map(({ column, year }) => ({ value: figure(cells, column), year }))
      .find(({ value }) => value !== null);
    return [
      [measure, found?.value ?? null],
      [`${measure}_year`, found?.year ?? null],
    ];
  });
  return {
    ...identity,
    population_2020: 'pop_2020_census' in cells ? figure(cells, 'pop_2020_census') : null,
    ...(Object.fromEntries(values) as Omit<CensusRow, 'geoid' | 'name' | 'state' | 'population_2020' | 'land_sq_km'>),
    land_sq_km: land === null ? null : rounded(land * squareKmPerMile, 3),
    vintage,
    source: censusSource,
  };
}

function censusRows(from: string): CensusRows {
  const read = (table: CensusTable, file: string, identify: (cells: Cells) => [string, string, string]): CensusRow[] =>
    readCsv(join(from, file))
      .map((cells) => {
        const [geoid, name, state] = identify(cells);
        return toRow(table, cells, { geoid, name, state });
      })
      .sort((a, b) => (a.geoid < b.geoid ? -1 : 1));
  return {
    census_state: read('census_state', 'states.csv', (c) => [text(c, 'fips'), text(c, 'name'), text(c, 'usps')]),
    census_county: read('census_county', 'counties.csv', (c) => [text(c, 'fips'), text(c, 'name'), text(c, 'state')]),
    census_place: read('census_place', 'places.csv', (c) => [
      text(c, 'geoid'),
      placeName(text(c, 'full_name')),
      text(c, 'state'),
    ]),
    census_zip: read('census_zip', 'zips.csv', (c) => [
      text(c, 'zip'),
      text(c, 'city') || text(c, 'zip'),
      text(c, 'state'),
    ]),
  };
}

/** The origins that are used, and those of what is not measured anew. */
function originsOf(rows: CensusRows): MeasureOrigin[] {
  const used = measured.filter(({ table, measure, year }) =>
    rows[table].some((row) => row[`${measure}_year`] === year),
  );
  const land = forEachTable(
    (table): MeasureOrigin => ({ table, measure: 'land_sq_km', year: null, source: `${censusSource}, gazetteer` }),
  );
  const counted = (['census_state', 'census_county'] as const).map(
    (table): MeasureOrigin => ({
      table,
      measure: 'population_2020',
      year: 2020,
      source: `${censusSource}, census of 2020`,
    }),
  );
  return [...counted, ...used.map(({ column: _, ...origin }) => origin), ...Object.values(land)];
}

function zipCodes(from: string): Omit<ZipCode, 'is_zcta'>[] {
  const counties = new Map(readCsv(join(from, 'counties.csv')).map((cells) => [text(cells, 'fips'), cells]));
  const areas = readCsv(join(from, 'zips.csv')).map((cells): Cells => ({ ...cells, zcta: text(cells, 'zip') }));
  const byZcta = new Map(areas.map((cells) => [text(cells, 'zip'), cells]));
  const others = readCsv(join(from, 'zips_nonzcta.csv')).map((cells): Cells => {
    const area = byZcta.get(text(cells, 'zcta'));
    const countyGeoid = text(cells, 'county_fips') || (area?.['county_fips'] ?? '');
    const county = counties.get(countyGeoid);
    // A county in one zone says it better than the nearest area, which may lie across a border.
    const zone = county?.['time_zone_2'] === '' ? county['time_zone'] : area?.['time_zone'];
    return { ...cells, county_fips: countyGeoid, time_zone: zone ?? '' };
  });
  return [...areas, ...others]
    .map((cells) => ({
      zip: text(cells, 'zip'),
      city: text(cells, 'city') || null,
      county: counties.get(text(cells, 'county_fips'))?.['name'] ?? null,
      county_geoid: text(cells, 'county_fips') || null,
      state: text(cells, 'state'),
      latitude: figure(cells, 'lat') ?? 0,
      longitude: figure(cells, 'lon') ?? 0,
      time_zone: text(cells, 'time_zone') || null,
      zcta: text(cells, 'zcta') || null,
    }))
    .sort((a, b) => (a.zip < b.zip ? -1 : 1));
}

function writeZipCodes(folder: string, rows: readonly object[]): void {
  mkdirSync(folder, { recursive: true });
  const lines = rows.map((row) => `${JSON.stringify(row)}\n`).join('');
  writeFileSync(join(folder, 'zip_codes.ndjson.gz'), gzipSync(lines, { level: 9 }));
  const sources = [
    'Areas, counties and coordinates: U.S. Census Bureau and U.S. Postal Service, public domain',
    'City names: GeoNames (https://www.geonames.org), CC BY 4.0',
  ];
  writeFileSync(join(folder, 'snapshot.json'), `${JSON.stringify({ rows: rows.length, sources }, null, 2)}\n`);
}

const [from, to = fileURLToPath(new URL('../src/sources/', import.meta.url))] = process.argv.slice(2);
if (from === undefined) throw new Error('Name the folder with states.csv, counties.csv, places.csv and the ZIP codes.');
const rows = censusRows(from);
await writeVintage(join(to, 'census', 'snapshot'), vintage, rows, originsOf(rows));
const zips = zipCodes(from);
writeZipCodes(join(to, 'geography', 'snapshot'), zips);
console.log(
  Object.values(rows).map((list) => list.length),
  zips.length,
);
