import { expect } from 'vitest';
import { catalogue } from '../../../src/reports/catalogue.ts';
import type { ApiAnswer } from './lambda-events.ts';

type Ask = (url: string) => Promise<ApiAnswer>;

/** Every report of the catalogue, over everything, one day, some states and all its rows, and as CSV. */
const reportUrls = catalogue.flatMap(({ name, parameters }) => {
  const queries = ['', '?from=2026-02-07&to=2026-02-07'];
  if ('state' in parameters) queries.push(...['CA', 'AK', 'unresolved'].map((state) => `?state=${state}`));
  if ('state' in parameters) queries.push('?state=TX&from=2026-02-08');
  if ('limit' in parameters) queries.push('?limit=10000');
  return [...queries, '?format=csv'].map((query) => `/v1/reports/${name}${query}`);
});

/** Fails when a report differs between the system in AWS and the single machine. */
export async function expectEqualReports(inCloud: Ask, onOne: Ask): Promise<void> {
  for (const url of reportUrls) {
    const [cloud, one] = [await inCloud(url), await onOne(url)];
    expect([url, cloud.status, cloud.json?.rows ?? cloud.text]).toEqual([url, 200, one.json?.rows ?? one.text]);
  }
}
