import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { CensusRow } from '../src/sources/census/census-row.ts';
import type { ZipCode } from '../src/sources/geography/zip-codes.ts';
import { readNdjson } from './support/ndjson.ts';
import { temporaryFolders } from './support/temporary-folders.ts';

const newFolder = temporaryFolders();

/** A folder of figures: a column a name, of which only these have values. */
function writeCsv(folder: string, file: string, header: string, ...rows: readonly string[]): void {
  writeFileSync(join(folder, file), `${[header, ...rows].join('\r\n')}\r\n`);
}

function figures(): string {
  const folder = newFolder();
  writeCsv(
    folder,
    'states.csv',
    'fips,usps,name,pop_2020_census,pop_est,pop_est_year,households_acs_2023,median_hh_income_2024,median_age_2024,land_sqmi',
    '72,PR,Puerto Rico,3285874,3203295,2024,1239243,26297,,3424.6',
    '01,AL,Alabama,5024279,5193088,2025,1969105,63999,39.6,50651.4',
  );
  writeCsv(
    folder,
    'counties.csv',
    'fips,name,state,pop_2020_census,pop_2025_est,pop_acs_2023,households_acs_2023,median_hh_income_2024,median_age_2019,land_sqmi,time_zone,time_zone_2',
    '01001,Autauga County,AL,58805,61920,59285,22523,-666666666,38.2,594.455,America/Chicago,',
    '72001,Adjuntas Municipio,PR,,,17863,6500,,,66.7,America/Puerto_Rico,',
    '48141,El Paso County,TX,865657,880000,870000,300000,60000,33.1,1012.9,America/Denver,',
    '48105,Crockett County,TX,3098,2900,3000,1100,55000,40.1,2807.3,America/Chicago,',
  );
  writeCsv(
    folder,
    'places.csv',
    'geoid,full_name,state,population,land_sqmi',
    '1235050,"Islamorada, Village of Islands village",FL,7151,6.5',
    '0127604,Fort Novosel CDP,AL,,10.864',
  );
  writeCsv(
    folder,
    'zips.csv',
    'zip,city,county_fips,state,lat,lon,population,land_sqmi,time_zone',
    '00636,,72001,PR,18.1636,-67.0801,1071,0.367,America/Puerto_Rico',
    '76943,Ozona,48105,TX,30.7,-101.2,3000,2807.3,America/Chicago',
  );
  writeCsv(
    folder,
    'zips_nonzcta.csv',
    'zip,city,county_fips,state,lat,lon,zcta',
    '79942,El Paso,48141,TX,31.69,-106.3,76943',
    '76944,Ozona,,TX,30.7,-101.2,76943',
    '96898,Wake Island,,HI,19.2836,166.6419,',
  );
  return folder;
}

const snapshot = (...args: readonly string[]) =>
  spawnSync(process.execPath, ['--import', 'tsx', 'scripts/census-snapshot.ts', ...args], { encoding: 'utf8' });

it('makes the snapshot from a folder of figures, the same one every time', () => {
  const from = figures();
  const [to, again] = [newFolder(), newFolder()];
  for (const target of [to, again]) expect(snapshot(from, target)).toMatchObject({ status: 0, stderr: '' });

  const read = (table: string) => readNdjson<CensusRow>(join(to, 'census/snapshot', `${table}.ndjson.gz`));
  expect(read('census_state')).toMatchObject([
    { geoid: '01', population: 5_193_088, population_year: 2025, land_sq_km: 131_186.524 },
    { geoid: '72', population: 3_203_295, population_year: 2024, median_age: null, median_age_year: null },
  ]);
  expect(read('census_county').slice(0, 1)).toMatchObject([
    { geoid: '01001', median_household_income: null, median_household_income_year: null, median_age_year: 2019 },
  ]);
  expect(read('census_county').at(-1)).toMatchObject({
    population_2020: null,
    population: 17_863,
    population_year: 2023,
  });
  expect(read('census_place').map(({ name, population }) => [name, population])).toEqual([
    ['Fort Novosel', null],
    ['Islamorada, Village of Islands', 7151],
  ]);
  expect(read('census_zip')[0]).toMatchObject({ geoid: '00636', name: '00636', households: null });

  const zips = readNdjson<ZipCode>(join(to, 'geography/snapshot/zip_codes.ndjson.gz'));
  expect(zips.map(({ zip, county, time_zone, zcta }) => [zip, county, time_zone, zcta])).toEqual([
    ['00636', 'Adjuntas Municipio', 'America/Puerto_Rico', '00636'],
    ['76943', 'Crockett County', 'America/Chicago', '76943'],
    ['76944', 'Crockett County', 'America/Chicago', '76943'],
    ['79942', 'El Paso County', 'America/Denver', '76943'],
    ['96898', null, null, null],
  ]);
  for (const file of ['census/snapshot/census_county.ndjson.gz', 'geography/snapshot/zip_codes.ndjson.gz'])
    expect(readFileSync(join(again, file))).toEqual(readFileSync(join(to, file)));
});

it('says what is wrong with the figures', () => {
  expect(snapshot()).toMatchObject({ status: 1, stderr: expect.stringContaining('Name the folder') });
  const from = figures();
  writeCsv(from, 'places.csv', 'geoid,full_name,state,people,land_sqmi', '0127604,Fort Novosel CDP,AL,1,10.864');
  expect(snapshot(from, newFolder()).stderr).toContain('There is no column population.');
  writeCsv(from, 'places.csv', 'geoid,full_name,state,population,land_sqmi', '0127604,Fort Novosel CDP,AL,1,many');
  expect(snapshot(from, newFolder()).stderr).toContain('land_sqmi "many" is no number.');
});
