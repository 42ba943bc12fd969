/**
 * Writes simulator/data/places.json from the census figures: `npx tsx simulator/snapshot-places.ts FOLDER`, where
 * FOLDER holds states.csv, places.csv and zips.csv. Run it again when a new vintage comes out.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PlacesSnapshot } from './places.ts';

const placeCountMax = 1_400;
const placesPerStateMin = 8;
const zipsPerPlaceMax = 24;
const zipPopulationMin = 1_500;

type Row = Readonly<Record<string, string>>;

interface CensusPlace {
  readonly name: string;
  readonly state: string;
  readonly population: number;
  readonly lat: number;
  readonly lon: number;
  /** Of a circle with the place's land area. */
  readonly radiusMiles: number;
  readonly zips: Row[];
}

function readCsv(path: string): Row[] {
  const [header = '', ...lines] = readFileSync(path, 'utf8').trim().split(/\r?\n/);
  const names = header.split(',');
  return lines.map((line) => {
    const cells = [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)].map(([, cell = '']) =>
      cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell,
    );
    return Object.fromEntries(names.map((name, index) => [name, cells[index] ?? '']));
  });
}

/** The Bureau names a merged city after its county too: "Nashville-Davidson", "Louisville/Jefferson County". */
function plainName(name: string): string {
  const [, merged] = /^(Nashville|Louisville|Lexington|Athens|Augusta|Macon|Butte)[-/]/.exec(name) ?? [];
  return merged ?? name.replace(/^Urban | city$|(?<=^Boise) City$/, '');
}

function readPlaces(folder: string): CensusPlace[] {
  return readCsv(join(folder, 'places.csv'))
    .map((row) => ({
      name: plainName(row['name'] ?? ''),
      state: row['state'] ?? '',
      population: Number(row['population']),
      lat: Number(row['lat']),
      lon: Number(row['lon']),
      radiusMiles: Math.sqrt(Number(row['land_sqmi']) / Math.PI),
      zips: [],
    }))
    .sort((a, b) => b.population - a.population);
}

/** The largest places of the country, and some of every state. */
function largest(places: readonly CensusPlace[]): CensusPlace[] {
  const taken = new Map<string, number>();
  return places.filter(({ state }, index) => {
    const count = taken.get(state) ?? 0;
    if (index >= placeCountMax && count >= placesPerStateMin) return false;
    taken.set(state, count + 1);
    return true;
  });
}

function miles(place: CensusPlace, zip: Row): number {
  const north = (Number(zip['lat']) - place.lat) * 69;
  const east = (Number(zip['lon']) - place.lon) * 69 * Math.cos((place.lat * Math.PI) / 180);
  return Math.hypot(north, east);
}

/** A ZIP belongs to the place its city is named after, else to the place whose circle it lies deepest in. */
function giveZips(places: readonly CensusPlace[], zips: readonly Row[]): void {
  for (const zip of zips) {
    if (Number(zip['population']) < zipPopulationMin) continue;
    const near = places.filter(({ state }) => state === zip['state']);
    const named = near.find(({ name }) => name === zip['city']);
    const depth = (place: CensusPlace) => miles(place, zip) / place.radiusMiles;
    const [deepest] = near.filter((place) => depth(place) < 1).sort((a, b) => depth(a) - depth(b));
    (named ?? deepest)?.zips.push(zip);
  }
}

function commonest(values: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? '';
}

function snapshot(folder: string): PlacesSnapshot {
  const places = largest(readPlaces(folder));
  giveZips(places, readCsv(join(folder, 'zips.csv')));
  const withZips = places.filter(({ zips }) => zips.length > 0);
  const zones = withZips.map(({ zips }) => commonest(zips.map((zip) => zip['time_zone'] ?? '')));
  const timeZones = [...new Set(zones)].sort();
  return {
    source: 'US Census Bureau; city names of ZIP codes: GeoNames (geonames.org), CC BY 4.0',
    vintage: 'state population: estimate of 2025; places and ZIP code areas: ACS 2023, five years',
    states: readCsv(join(folder, 'states.csv')).map((row) => [row['usps'] ?? '', Number(row['pop_est'])]),
    time_zones: timeZones,
    places: withZips.map(({ name, state, population, zips }, index) => [
      name,
      state,
      population,
      timeZones.indexOf(zones[index] ?? ''),
      zips
        .sort((a, b) => Number(b['population']) - Number(a['population']))
        .slice(0, zipsPerPlaceMax)
        .map((zip) => [
          zip['zip'] ?? '',
          Number(zip['population']),
          Number(Number(zip['lat']).toFixed(3)),
          Number(Number(zip['lon']).toFixed(3)),
        ]),
    ]),
  };
}

const folder = process.argv[2];
if (folder === undefined) throw new Error('Name the folder with states.csv, places.csv and zips.csv.');
const target = new URL('./data/places.json', import.meta.url);
const { states, places, ...rest } = snapshot(folder);
const rows = (list: readonly unknown[]) => list.map((row) => JSON.stringify(row)).join(',\n');
writeFileSync(
  target,
  `${JSON.stringify(rest).slice(0, -1)},\n"states":[\n${rows(states)}\n],\n"places":[\n${rows(places)}\n]}\n`,
);
console.log(`${places.length} places written to ${target.pathname}`);
