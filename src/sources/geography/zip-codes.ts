import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { plainZip } from './plain-zip.ts';

/** Where a ZIP code is. What is not known is null. */
export interface ZipCode {
  readonly zip: string;
  readonly city: string | null;
  readonly county: string | null;
  readonly county_geoid: string | null;
  /** USPS code. */
  readonly state: string;
  /** Degrees. */
  readonly latitude: number;
  readonly longitude: number;
  /** IANA name. */
  readonly time_zone: string | null;
  /** The ZCTA whose census figures stand for it: its own, or the nearest one's. */
  readonly zcta: string | null;
  /** False for post office boxes, single buildings and the like, which have no census figures of their own. */
  readonly is_zcta: boolean;
}

/** All ZIP codes there are. */
export interface ZipCodes {
  readonly size: number;
  /** Finds a ZIP code as people write it: "78704", "78704-1234", "2139" for 02139. */
  find(written: string): ZipCode | undefined;
}

/** Gzipped NDJSON of `ZipCode` without `is_zcta`, which the warehouse reads as it is. */
export const zipCodesFile = fileURLToPath(new URL('./snapshot/zip_codes.ndjson.gz', import.meta.url));

let loaded: ZipCodes | undefined;

/**
 * Loads the ZIP codes at the first call, which takes about 0.2 s, and keeps them, some megabytes; later calls get the
 * same ones.
 */
export function loadZipCodes(): ZipCodes {
  loaded ??= readZipCodes(zipCodesFile);
  return loaded;
}

function readZipCodes(path: string): ZipCodes {
  const lines = gunzipSync(readFileSync(path)).toString('utf8').trimEnd().split('\n');
  const table = newTable(lines.length);
  for (const [index, line] of lines.entries()) table.set(index, JSON.parse(line));
  return { size: lines.length, find: (written) => table.find(Number(plainZip(written) ?? Number.NaN)) };
}

type StoredZipCode = Omit<ZipCode, 'is_zcta'>;

const textColumns = ['city', 'county', 'county_geoid', 'state', 'time_zone', 'zcta'] as const;

interface Table {
  /** Rows come in the order of their ZIP codes. */
  set(index: number, row: StoredZipCode): void;
  find(zip: number): ZipCode | undefined;
}

/** Columns of numbers, with each text kept once: a tenth of what an object a row takes. */
function newTable(size: number): Table {
  const zips = new Uint32Array(size);
  const degrees = new Float64Array(size * 2);
  const textIds = new Uint32Array(size * textColumns.length);
  const texts: (string | null)[] = [];
  const idOf = new Map<string | null, number>();
  const keep = (text: string | null): number => {
    const id = idOf.get(text) ?? texts.push(text) - 1;
    idOf.set(text, id);
    return id;
  };
  return {
    set(index, row) {
      zips[index] = Number(row.zip);
      degrees.set([row.latitude, row.longitude], index * 2);
      textIds.set(
        textColumns.map((column) => keep(row[column])),
        index * textColumns.length,
      );
    },
    find(zip) {
      const index = positionOf(zips, zip);
      if (index === undefined) return undefined;
      const [latitude = Number.NaN, longitude = Number.NaN] = degrees.subarray(index * 2);
      const ids = textIds.subarray(index * textColumns.length);
      const [city = null, county = null, county_geoid = null, state, time_zone = null, zcta = null] = textColumns.map(
        (_, column) => texts[ids[column] ?? 0] ?? null,
      );
      const digits = String(zip).padStart(5, '0');
      return {
        zip: digits,
        city,
        county,
        county_geoid,
        state: state ?? '',
        latitude,
        longitude,
        time_zone,
        zcta,
        is_zcta: zcta === digits,
      };
    },
  };
}

/** Binary search in ascending numbers. */
function positionOf(sorted: Uint32Array, wanted: number): number | undefined {
  let low = 0;
  let high = sorted.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const value = sorted[middle] ?? 0;
    if (value === wanted) return middle;
    if (value < wanted) low = middle + 1;
    else high = middle - 1;
  }
  return undefined;
}
