import { states } from '../../contract/states.ts';
import { CensusApiError } from './census-answer.ts';
import { askCensus, type CensusApi } from './census-api.ts';
import {
  type CensusRow,
  type CensusTable,
  censusMeasures,
  censusSource,
  censusTables,
  type MeasureOrigin,
} from './census-row.ts';
import { faultsOf } from './check-vintage.ts';
import { type Figures, geographies, readFigures, variables } from './figures.ts';
import { placeName } from './place-name.ts';
import {
  type CensusFiles,
  type CensusRows,
  censusFiles,
  forEachTable,
  readVintage,
  replaceVintage,
} from './vintage.ts';

export interface FetchOptions extends CensusApi {
  /** Last year of the five that the American Community Survey covers. */
  readonly year: number;
  /** Where vintages are kept; nothing else should be. */
  readonly folder: string;
  readonly onProgress?: (progress: FetchProgress) => void;
}

/** Requests answered, of how many. */
export interface FetchProgress {
  readonly done: number;
  readonly total: number;
}

/** New figures that were refused as a whole; the old ones stay. */
export class ImplausibleVintageError extends Error {
  readonly faults: readonly string[];

  constructor(vintage: string, faults: readonly string[]) {
    const more = faults.length > 5 ? `; and ${faults.length - 5} more` : '';
    super(`The figures of ${vintage} are not taken, and the old ones stay: ${faults.slice(0, 5).join('; ')}${more}.`);
    this.name = 'ImplausibleVintageError';
    this.faults = faults;
  }
}

/** Counties are Connecticut's planning regions from here on; older answers would fit no other figure. */
const yearMin = 2022;

/**
 * Takes the figures of a year of the American Community Survey from the Census API, checks them as a whole, and puts
 * them in the place of those in use. What is newer in those in use (population estimates, as a rule) is kept, and so
 * are the census of 2020 and land. One process at a time may do this.
 *
 * @throws CensusApiError, ImplausibleVintageError or an error of the disk; the vintage in use is then as it was
 */
export async function fetchVintage(options: FetchOptions): Promise<CensusFiles> {
  const { year, folder } = options;
  if (!Number.isInteger(year) || year < yearMin)
    throw new CensusApiError('refused', `Census figures of ${year} cannot be taken; years begin with ${yearMin}.`);
  const vintage = `acs5-${year}`;
  const inUse = await censusFiles(folder);
  const known = await readVintage(inUse);
  const figures = await fetchFigures(options);
  const faults = faultsOf(figures, known);
  if (faults.length > 0) throw new ImplausibleVintageError(vintage, faults);
  const rows = forEachTable((table) => mergeTable(table, figures[table], known, { year, vintage }));
  options.signal?.throwIfAborted();
  await replaceVintage(folder, vintage, rows, originsOf(rows, inUse.manifest.origins, year));
  return censusFiles(folder);
}

async function fetchFigures(options: FetchOptions): Promise<Record<CensusTable, Figures[]>> {
  const figures = forEachTable((): Figures[] => []);
  const requests = censusTables.flatMap((table): { table: CensusTable; within: string | undefined }[] =>
    geographies[table].perState
      ? states.map(({ fips }) => ({ table, within: `state:${fips}` }))
      : [{ table, within: undefined }],
  );
  const dataset = `data/${options.year}/acs/acs5`;
  for (const [index, { table, within }] of requests.entries()) {
    const answer = await askCensus(options, { dataset, variables, for: geographies[table].for, in: within });
    // One by one, because spreading an answer of tens of thousands of rows passes the stack's limit.
    for (const row of readFigures(table, answer)) figures[table].push(row);
    options.onProgress?.({ done: index + 1, total: requests.length });
  }
  return figures;
}

interface Edition {
  readonly year: number;
  readonly vintage: string;
}

function mergeTable(table: CensusTable, figures: readonly Figures[], known: CensusRows, edition: Edition): CensusRow[] {
  const byGeoid = new Map(known[table].map((row) => [row.geoid, row]));
  return figures
    .map((row) => merge(row, byGeoid.get(row.geoid) ?? newRow(table, row), edition))
    .sort((a, b) => (a.geoid < b.geoid ? -1 : 1));
}

function merge(figures: Figures, known: CensusRow, { year, vintage }: Edition): CensusRow {
  const taken = censusMeasures.filter((measure) => (known[`${measure}_year`] ?? 0) <= year);
  const values = taken.map((measure) => [measure, figures[measure]] as const);
  const years = taken.map((measure) => [`${measure}_year`, figures[measure] === null ? null : year] as const);
  return { ...known, ...Object.fromEntries<number | null>([...values, ...years]), vintage };
}

/** A geography that the vintage in use does not know: named by the Bureau, its land and its census of 2020 unknown. */
function newRow(table: CensusTable, { geoid, name }: Figures): CensusRow {
  const official = name.replace(/^ZCTA5 |[,;] [^,;]*$/g, '');
  return {
    geoid,
    name: table === 'census_place' ? placeName(official) : official,
    state: table === 'census_zip' ? null : (states.find(({ fips }) => fips === geoid.slice(0, 2))?.code ?? null),
    population_2020: null,
    population: null,
    population_year: null,
    households: null,
    households_year: null,
    median_household_income: null,
    median_household_income_year: null,
    median_age: null,
    median_age_year: null,
    land_sq_km: null,
    vintage: '',
    source: censusSource,
  };
}

/** The survey for what was taken; the old origins of what is newer and of what is not measured anew. */
function originsOf(rows: CensusRows, old: readonly MeasureOrigin[], year: number): MeasureOrigin[] {
  const source = `${censusSource}, American Community Survey, five years to ${year}`;
  const isMeasure = (name: string): boolean => censusMeasures.some((measure) => measure === name);
  return censusTables.flatMap((table) => {
    const kept = old.filter((one) => one.table === table && (!isMeasure(one.measure) || (one.year ?? 0) > year));
    const taken = censusMeasures.filter((measure) => rows[table].some((row) => row[`${measure}_year`] === year));
    return [...kept, ...taken.map((measure): MeasureOrigin => ({ table, measure, year, source }))];
  });
}
