import { beforeAll, expect, it } from 'vitest';
import { storeTimeZone } from './store-time-zone.ts';
import { loadZipCodes, type ZipCodes } from './zip-codes.ts';

let zipCodes: ZipCodes;
beforeAll(async () => {
  zipCodes = await loadZipCodes();
});

it.each([
  ['El Paso', 'TX', '79901', 'America/Denver'],
  ['a post office box in El Paso', 'TX', '79942', 'America/Denver'],
  ['Austin', 'TX', '78704', 'America/Chicago'],
  ['Pensacola', 'FL', '32501', 'America/Chicago'],
  ['Miami', 'FL', '33139-1234', 'America/New_York'],
  ['Knoxville', 'TN', '37902', 'America/New_York'],
  ['Rapid City', 'SD', '57701', 'America/Denver'],
  ['Gary', 'IN', '46402', 'America/Chicago'],
  ['Cambridge, whose zero a spreadsheet ate', 'MA', '2139', 'America/New_York'],
  ['no ZIP code', 'TX', undefined, 'America/Chicago'],
  ['a blank one', 'AZ', '', 'America/Phoenix'],
  ['an unknown one', 'TN', '99999', 'America/Chicago'],
  ['one of another state', 'TX', '10001', 'America/Chicago'],
  ['an island without a zone', 'HI', '96898', 'Pacific/Honolulu'],
])('of a store with %s (%s %s) is %s', (_what, state, zip, timeZone) => {
  expect(storeTimeZone({ state, zip }, zipCodes)).toBe(timeZone);
});
