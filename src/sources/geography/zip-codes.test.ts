import { beforeAll, describe, expect, it } from 'vitest';
import { readNdjson } from '../../../test/support/ndjson.ts';
import { stateOf } from '../../contract/states.ts';
import { censusFiles, readVintage } from '../census/vintage.ts';
import { loadZipCodes, type ZipCode, type ZipCodes, zipCodesFile } from './zip-codes.ts';

let zipCodes: ZipCodes;
let all: ZipCode[];
beforeAll(async () => {
  zipCodes = await loadZipCodes();
  all = readNdjson<ZipCode>(zipCodesFile).map(({ zip }) => zipCodes.find(zip) as ZipCode);
});

describe('the ZIP codes', () => {
  it('are 33,774 areas of the Census and 7,335 others, each found under its own digits', () => {
    expect(zipCodes.size).toBe(41_109);
    expect(all.filter(({ is_zcta }) => is_zcta)).toHaveLength(33_774);
    expect(new Set(all.map(({ zip }) => zip)).size).toBe(41_109);
    expect(readNdjson<ZipCode>(zipCodesFile)).toEqual(all.map(({ is_zcta: _, ...stored }) => stored));
  });

  it('say where a place is', () => {
    expect(zipCodes.find('78704-1234')).toEqual({
      zip: '78704',
      city: 'Austin',
      county: 'Travis County',
      county_geoid: '48453',
      state: 'TX',
      latitude: 30.243,
      longitude: -97.7651,
      time_zone: 'America/Chicago',
      zcta: '78704',
      is_zcta: true,
    });
    expect(zipCodes.find('2139')).toMatchObject({ city: 'Cambridge', state: 'MA' });
    expect(zipCodes.find('00601')).toMatchObject({
      county: 'Adjuntas Municipio',
      state: 'PR',
      time_zone: 'America/Puerto_Rico',
    });
    expect(zipCodes.find('06103')).toMatchObject({ city: 'Hartford', county: 'Capitol Planning Region' });
  });

  it('know a ZIP code that is no area, and the area that stands for it', () => {
    expect(zipCodes.find('00501')).toMatchObject({ city: 'Holtsville', state: 'NY', zcta: '11742', is_zcta: false });
    expect(zipCodes.find('02123')).toMatchObject({ city: 'Boston', county: 'Suffolk County', is_zcta: false });
    const nowhere = all.filter(({ zcta }) => zcta === null);
    expect(nowhere).toMatchObject([{ city: 'Wake Island', county: null, time_zone: null, is_zcta: false }]);
    const known = new Set(all.filter(({ is_zcta }) => is_zcta).map(({ zip }) => zip));
    expect(all.filter(({ zcta }) => zcta !== null && !known.has(zcta))).toEqual([]);
  });

  it.each(['00000', '99999', '09001', '1', '', 'Austin', '12345678'])('do not know "%s"', (written) => {
    expect(zipCodes.find(written)).toBeUndefined();
  });

  it('lie in states that exist, on the globe, in zones that exist', () => {
    const zones = new Set(all.flatMap(({ time_zone }) => time_zone ?? []));
    for (const timeZone of zones) expect(() => new Intl.DateTimeFormat('en-US', { timeZone })).not.toThrow();
    const isOdd = ({ state, latitude, longitude }: ZipCode): boolean =>
      stateOf(state) === undefined || latitude < 13 || latitude > 72 || (longitude > -64 && longitude < 144);
    expect(all.filter(isOdd)).toEqual([]);
  });

  it('have the counties and areas of the census figures', async () => {
    const { census_county, census_zip } = await readVintage(await censusFiles());
    const counties = new Map(census_county.map(({ geoid, name }) => [geoid, name]));
    expect(all.filter(({ county_geoid, county }) => (counties.get(county_geoid ?? '') ?? null) !== county)).toEqual([]);
    expect(census_zip.filter(({ geoid }) => zipCodes.find(geoid)?.is_zcta !== true)).toEqual([]);
  });

  it('are loaded once', () => {
    expect(loadZipCodes()).toBe(loadZipCodes());
  });
});
