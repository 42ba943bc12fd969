import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { type CensusHandler, censusServers, sendTable } from '../../../test/support/census-server.ts';
import { temporaryFolders } from '../../../test/support/temporary-folders.ts';
import { CensusApiError } from './census-answer.ts';
import type { CensusRow, CensusTable } from './census-row.ts';
import { type FetchOptions, fetchVintage, ImplausibleVintageError } from './fetch-vintage.ts';
import { geographies } from './figures.ts';
import { type CensusRows, censusFiles, readVintage, replaceVintage } from './vintage.ts';

const startServer = censusServers();
const newFolder = temporaryFolders();
const tables = Object.keys(geographies) as CensusTable[];

/** The snapshot, and a small country with a tenth of its places and a fiftieth of its ZIP code areas. */
let snapshot: CensusRows;
let small: CensusRows;
beforeAll(async () => {
  snapshot = await readVintage(await censusFiles());
  const { census_place, census_zip } = snapshot;
  const capitals = ['1150000', '3651000'];
  small = {
    ...snapshot,
    census_place: census_place.filter(({ geoid }, index) => index % 10 === 0 || capitals.includes(geoid)),
    census_zip: census_zip.filter((_, index) => index % 50 === 0),
  };
});

/** A folder where the figures of the small country are in use. */
const smallFolder = async (): Promise<string> => {
  const folder = newFolder();
  await replaceVintage(folder, 'snapshot-2025', small, (await censusFiles()).manifest.origins);
  return folder;
};

const filesIn = (folder: string): string[] => readdirSync(folder, { recursive: true }).map(String).sort();

type Answer = (string | null)[][];
type Change = (answer: Answer, table: CensusTable, within: string | null) => Answer;

/** The Bureau with the people of a country, in the form of the API: what no snapshot has is made from the people. */
function bureau(change: Change = (answer) => answer, country = small): CensusHandler {
  return (query, response) => {
    const table = tables.find((one) => geographies[one].for === query.get('for')) ?? 'census_state';
    const within = query.get('in')?.replace('state:', '') ?? null;
    const rows = country[table].filter(({ geoid }) => within === null || geoid.startsWith(within));
    const header = ['NAME', ...(query.get('get')?.split(',').slice(1) ?? []), ...geographies[table].columns];
    sendTable(response, change([header, ...rows.map((row) => answerRow(table, row))], table, within));
  };
}

function answerRow(table: CensusTable, { geoid, name, population }: CensusRow): (string | null)[] {
  const people = population ?? 0;
  const parts = table === 'census_county' || table === 'census_place' ? [geoid.slice(0, 2), geoid.slice(2)] : [geoid];
  const median = people > 100 ? String(40_000 + (people % 50_000)) : '-666666666';
  const age = people > 0 ? '38.5' : null;
  return [name, String(people), String(Math.round(people / 2.5)), median, age, ...parts];
}

const fetchFrom = async (handler: CensusHandler, folder: string, options: Partial<FetchOptions> = {}) => {
  const baseUrl = await startServer(handler);
  return fetchVintage({ key: 'k-1', baseUrl, year: 2024, folder, attemptsMax: 2, firstWaitMs: 1, ...options });
};

const allButHeader = (answer: Answer, rows: (rows: Answer) => Answer): Answer => [
  answer[0] ?? [],
  ...rows(answer.slice(1)),
];

describe('a newer vintage', () => {
  it('takes the place of the snapshot as a whole', async () => {
    const folder = join(newFolder(), 'census');
    const progress: number[] = [];
    const { manifest, files } = await fetchFrom(bureau(undefined, snapshot), folder, {
      onProgress: ({ done, total }) => progress.push(done / total),
    });
    expect(progress).toHaveLength(55);
    expect(progress.at(-1)).toBe(1);
    expect(manifest).toMatchObject({
      vintage: 'acs5-2024',
      rows: { census_state: 52, census_county: 3222, census_place: 32_350, census_zip: 33_774 },
    });
    expect(await censusFiles(folder)).toEqual({ manifest, files });
    const rows = await readVintage({ manifest, files });
    for (const table of tables)
      expect(rows[table].map(({ geoid }) => geoid)).toEqual(snapshot[table].map(({ geoid }) => geoid));
    expect(rows.census_place.find(({ geoid }) => geoid === '3651000')).toEqual({
      ...snapshot.census_place.find(({ geoid }) => geoid === '3651000'),
      population_year: 2024,
      households: 3_406_481,
      households_year: 2024,
      median_household_income: 56_202,
      median_household_income_year: 2024,
      median_age: 38.5,
      median_age_year: 2024,
      vintage: 'acs5-2024',
    });
  });

  it('keeps what is newer, says null for a sentinel, and names the sources of both', async () => {
    const { manifest, files } = await fetchFrom(bureau(), await smallFolder());
    const { census_state, census_county } = await readVintage({ manifest, files });
    expect(census_state[0]).toMatchObject({ population: 5_193_088, population_year: 2025, households_year: 2024 });
    expect(census_state.at(-1)).toMatchObject({ geoid: '72', population: 3_203_295, population_year: 2024 });
    expect(census_county.find(({ geoid }) => geoid === '48301')).toMatchObject({
      name: 'Loving County',
      median_household_income: null,
      median_household_income_year: null,
      median_age: 38.5,
    });
    const stated = manifest.origins.filter(
      ({ table, measure }) => table === 'census_state' && measure === 'population',
    );
    expect(stated).toEqual([
      expect.objectContaining({ year: 2025, source: 'U.S. Census Bureau, population estimates of 2025' }),
      expect.objectContaining({
        year: 2024,
        source: 'U.S. Census Bureau, American Community Survey, five years to 2024',
      }),
    ]);
    const ages = manifest.origins.filter(({ table, measure }) => table === 'census_county' && measure === 'median_age');
    expect(ages.map(({ year }) => year)).toEqual([2024]);
  });

  it('knows geographies that are new, and leaves out those outside the 52 states', async () => {
    const folder = await smallFolder();
    const added: Change = (answer, table, within) => {
      if (table === 'census_place' && within === '36')
        answer.push(['Newtown-on-Hudson village, New York', '900', '300', '70000', '40.1', '36', '99999']);
      if (table === 'census_state') answer.push(['Guam', '150000', '40000', '60000', '30.0', '66']);
      return answer;
    };
    const { census_place, census_state } = await readVintage(await fetchFrom(bureau(added), folder));
    expect(census_place.find(({ geoid }) => geoid === '3699999')).toMatchObject({
      name: 'Newtown-on-Hudson',
      state: 'NY',
      population: 900,
      population_2020: null,
      land_sq_km: null,
    });
    expect(census_state).toHaveLength(52);
  });
});

describe('figures that cannot be right', () => {
  const faults: [string, Change, RegExp][] = [
    ['a state too few', (answer, table) => (table === 'census_state' ? answer.slice(0, -1) : answer), /in 72 1 geogr/],
    [
      'a half of the places of a state',
      (answer, _table, within) => (within === '48' ? answer.slice(0, answer.length / 2) : answer),
      /census_place: in 48 9\d geographies are missing, beside 18\d known ones/,
    ],
    [
      'the counties that Connecticut had',
      (answer, table) =>
        table !== 'census_county'
          ? answer
          : answer.map((row) => (row[5] === '09' ? [...row.slice(0, 6), `00${row[6]?.[1]}`] : row)),
      /census_county: in 09 9 geographies are missing/,
    ],
    [
      'rows that come twice',
      (answer, table) => (table === 'census_zip' ? [...answer, ...answer.slice(-2)] : answer),
      /twice/,
    ],
    [
      'a population ten times as large',
      (answer, table) =>
        table === 'census_zip'
          ? allButHeader(answer, (rows) => rows.map((row) => [row[0] ?? '', `${row[1]}0`, ...row.slice(2)]))
          : answer,
      /census_zip: population is \d+, and was \d+/,
    ],
    [
      'the variable of another measure',
      (answer, table) =>
        table === 'census_county'
          ? allButHeader(answer, (rows) =>
              rows.map(([name = '', people = '', , ...rest]) => [name, people, people, ...rest]),
            )
          : answer,
      /census_county: a household has 1.00 people/,
    ],
    [
      'a column of sentinels',
      (answer, table) =>
        table === 'census_state'
          ? allButHeader(answer, (rows) => rows.map((row) => row.with(3, '-666666666')))
          : answer,
      /census_state: median_household_income is missing in 52 of 52/,
    ],
    [
      'an income for an age',
      (answer, table) =>
        table === 'census_state' ? allButHeader(answer, (rows) => rows.map((row) => row.with(4, '61000'))) : answer,
      /median_age of Alabama is 61000/,
    ],
  ];

  it.each(faults)('are refused, and the old ones stay: %s', async (_what, change, message) => {
    const folder = await smallFolder();
    const before = filesIn(folder);
    const error = await fetchFrom(bureau(change), folder).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ImplausibleVintageError);
    expect((error as Error).message).toMatch(message);
    expect((await censusFiles(folder)).manifest.vintage).toBe('snapshot-2025');
    expect(filesIn(folder)).toEqual(before);
  });

  it.each<[string, Change, RegExp]>([
    [
      'a text for a number',
      (answer) => allButHeader(answer, ([first = [], ...rows]) => [first.with(3, '250,000+'), ...rows]),
      /250,000\+/,
    ],
    [
      'a negative number',
      (answer) => allButHeader(answer, ([first = [], ...rows]) => [first.with(1, '-5'), ...rows]),
      /"-5"/,
    ],
    [
      'a geography without a code',
      (answer) => allButHeader(answer, ([first = [], ...rows]) => [first.with(5, null), ...rows]),
      /names a geography/,
    ],
  ])('are no figures at all: %s', async (_what, change, message) => {
    const error = await fetchFrom(bureau(change), await smallFolder()).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ failure: 'malformed', message: expect.stringMatching(message) });
  });

  it('are those of years before the regions of Connecticut', async () => {
    await expect(fetchFrom(bureau(), await smallFolder(), { year: 2021 })).rejects.toBeInstanceOf(CensusApiError);
  });
});

describe('a vintage that is interrupted', () => {
  it('changes nothing when the server fails in the middle, and goes through the next time', async () => {
    const folder = await smallFolder();
    await fetchFrom(bureau(), folder, { year: 2023 });
    const before = filesIn(folder);
    let requests = 0;
    const failing: CensusHandler = (query, response, request) => {
      if (++requests > 30) response.writeHead(503).end();
      else bureau()(query, response, request);
    };
    await expect(fetchFrom(failing, folder)).rejects.toMatchObject({ failure: 'unavailable' });
    expect(filesIn(folder)).toEqual(before);
    expect((await censusFiles(folder)).manifest.vintage).toBe('acs5-2023');
    await fetchFrom(bureau(), folder);
    expect((await censusFiles(folder)).manifest.vintage).toBe('acs5-2024');
    expect(filesIn(folder)).toHaveLength(before.length);
  });

  it('leaves no half behind: what a killed run wrote is not seen, and is removed by the next', async () => {
    const folder = await smallFolder();
    mkdirSync(join(folder, 'acs5-2024-0badcafe'));
    writeFileSync(join(folder, 'acs5-2024-0badcafe', 'census_state.ndjson.gz'), 'half');
    writeFileSync(join(folder, 'current.json-acs5-2024-0badcafe'), '{"fol');
    writeFileSync(join(folder, 'notes.txt'), 'mine');
    expect((await censusFiles(folder)).manifest.vintage).toBe('snapshot-2025');
    await fetchFrom(bureau(), folder);
    const { folder: used } = JSON.parse(readFileSync(join(folder, 'current.json'), 'utf8'));
    expect(readdirSync(folder).sort()).toEqual([used, 'current.json', 'notes.txt'].sort());
  });

  it('is stopped by its signal before anything is replaced', async () => {
    const folder = await smallFolder();
    const before = filesIn(folder);
    const stop = new AbortController();
    const fetching = fetchFrom(bureau(), folder, {
      signal: stop.signal,
      onProgress: ({ done, total }) => done === total && stop.abort(),
    });
    await expect(fetching).rejects.toMatchObject({ name: 'AbortError' });
    expect(filesIn(folder)).toEqual(before);
  });
});
