import { readFileSync } from 'node:fs';

/** ZIP, population, latitude, longitude. */
type ZipRow = readonly [string, number, number, number];

/** simulator/data/places.json: US places with their ZIP codes, as snapshot-places.ts writes it. */
export interface PlacesSnapshot {
  readonly source: string;
  readonly vintage: string;
  /** USPS code, population. */
  readonly states: readonly (readonly [string, number])[];
  readonly time_zones: readonly string[];
  /** Name, USPS code of the state, population, index into `time_zones`, ZIP codes from the largest down. */
  readonly places: readonly (readonly [string, string, number, number, readonly ZipRow[]])[];
}

export interface ZipArea {
  readonly zip: string;
  readonly population: number;
  readonly latitude: number;
  readonly longitude: number;
}

/** A city or town where the chain may open a store. */
export interface Place {
  readonly name: string;
  readonly state: string;
  readonly population: number;
  readonly timeZone: string;
  /** At least one. */
  readonly zips: readonly ZipArea[];
}

export interface Country {
  /** Population by USPS code, the 50 states, DC and PR. */
  readonly population: ReadonlyMap<string, number>;
  readonly places: readonly Place[];
}

/** Reads the census snapshot that ships with the simulator. */
export function readCountry(): Country {
  const file = readFileSync(new URL('./data/places.json', import.meta.url), 'utf8');
  const snapshot = JSON.parse(file) as PlacesSnapshot;
  return {
    population: new Map(snapshot.states),
    places: snapshot.places.map(([name, state, population, zone, zips]) => ({
      name,
      state,
      population,
      timeZone: snapshot.time_zones[zone] ?? 'America/New_York',
      zips: zips.map(([zip, people, latitude, longitude]) => ({ zip, population: people, latitude, longitude })),
    })),
  };
}
