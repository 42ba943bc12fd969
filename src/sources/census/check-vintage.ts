import { type CensusTable, censusMeasures, censusTables } from './census-row.ts';
import type { Figures } from './figures.ts';
import type { CensusRows } from './vintage.ts';

/** What a whole vintage should hold; a reader of the report would notice what lies outside. */
const tolerance = {
  /** Of the geographies of a state, how many may come or go between two vintages. */
  changedShare: 0.1,
  changedMin: 3,
  /** Of a table's population between two vintages. */
  populationShare: 0.1,
  peoplePerHousehold: { min: 1.5, max: 4 },
  median_household_income: { min: 0, max: 250_001 },
  median_age: { min: 0, max: 120 },
} as const;

/** How much of a column may be missing: medians of the smallest areas are not published. */
const missingShareMax: Readonly<Record<CensusTable, number>> = {
  census_state: 0,
  census_county: 0.05,
  census_place: 0.4,
  census_zip: 0.4,
};

/** Figures by table, as they came. */
export type FiguresByTable = Readonly<Record<CensusTable, readonly Figures[]>>;

/** Everything that makes new figures implausible beside those in use; nothing when they may take their place. */
export function faultsOf(figures: FiguresByTable, inUse: CensusRows): string[] {
  return censusTables.flatMap((table) =>
    [
      ...geographyFaults(table, figures[table], inUse),
      ...populationFaults(figures[table], inUse[table]),
      ...missingFaults(table, figures[table]),
      ...rangeFaults(figures[table]),
    ].map((fault) => `${table}: ${fault}`),
  );
}

function geographyFaults(table: CensusTable, figures: readonly Figures[], inUse: CensusRows): string[] {
  const came = new Set(figures.map(({ geoid }) => geoid));
  if (came.size < figures.length) return [`${figures.length - came.size} geographies came twice`];
  const known = new Set(inUse[table].map(({ geoid }) => geoid));
  const areas = (geoids: Iterable<string>) =>
    table === 'census_zip' ? new Map([['US', count(geoids)]]) : byState(geoids);
  const gone = areas([...known].filter((geoid) => !came.has(geoid)));
  const added = areas([...came].filter((geoid) => !known.has(geoid)));
  return [...areas(known)].flatMap(([area, size]) => {
    const max = table === 'census_state' ? 0 : Math.max(tolerance.changedMin, size * tolerance.changedShare);
    const changes = [
      { number: gone.get(area) ?? 0, what: 'are missing' },
      { number: added.get(area) ?? 0, what: 'are new' },
    ];
    return changes
      .filter(({ number }) => number > max)
      .map(({ number, what }) => `in ${area} ${number} geographies ${what}, beside ${size} known ones`);
  });
}

function byState(geoids: Iterable<string>): Map<string, number> {
  const sizes = new Map<string, number>();
  for (const geoid of geoids) sizes.set(geoid.slice(0, 2), (sizes.get(geoid.slice(0, 2)) ?? 0) + 1);
  return sizes;
}

const count = (values: Iterable<string>): number => [...values].length;

function populationFaults(figures: readonly Figures[], inUse: readonly { population: number | null }[]): string[] {
  const now = sum(figures.map(({ population }) => population));
  const before = sum(inUse.map(({ population }) => population));
  const people = now / sum(figures.map(({ households }) => households));
  const { min, max } = tolerance.peoplePerHousehold;
  return [
    ...(Math.abs(now - before) > before * tolerance.populationShare ? [`population is ${now}, and was ${before}`] : []),
    ...(people >= min && people <= max ? [] : [`a household has ${people.toFixed(2)} people`]),
  ];
}

function missingFaults(table: CensusTable, figures: readonly Figures[]): string[] {
  return censusMeasures.flatMap((measure) => {
    const missing = figures.filter((row) => row[measure] === null).length;
    return missing > figures.length * missingShareMax[table]
      ? [`${measure} is missing in ${missing} of ${figures.length} geographies`]
      : [];
  });
}

function rangeFaults(figures: readonly Figures[]): string[] {
  return (['median_household_income', 'median_age'] as const).flatMap((measure) => {
    const { min, max } = tolerance[measure];
    const odd = figures.find((row) => row[measure] !== null && (row[measure] < min || row[measure] > max));
    return odd === undefined ? [] : [`${measure} of ${odd.name} is ${odd[measure]}`];
  });
}

function sum(values: readonly (number | null)[]): number {
  return values.reduce<number>((total, value) => total + (value ?? 0), 0);
}
