import { describe, expect, it } from 'vitest';
import { type CensusHandler, censusServers } from '../../../test/support/census-server.ts';
import { CensusApiError, type CensusQuery } from './census-answer.ts';
import { askCensus, type CensusApi } from './census-api.ts';

const key = '0a1b2c3d4e5f secret/key';
const startServer = censusServers();

const counties: CensusQuery = {
  dataset: 'data/2023/acs/acs5',
  variables: ['NAME', 'B01003_001E', 'B25001_001E'],
  for: 'county:*',
};

/** Genuine bodies of the Bureau, cut after a few rows. */
const bodies = {
  county: `[["NAME","B01003_001E","B25001_001E","state","county"],
["Autauga County, Alabama","59285","24731","01","001"],
["Baldwin County, Alabama","239945","128518","01","003"]]`,
  place: `[["NAME","B01003_001E","B25001_001E","state","place"],
["New York city, New York","8516202","3649896","36","51000"],
["Los Angeles city, California","3857897","1537034","06","44000"]]`,
  zcta: `[["NAME","B01003_001E","B25001_001E","zip code tabulation area"],
["ZCTA5 00601","16721","7356","00601"],
["ZCTA5 02139","39609","16930","02139"]]`,
};

const answering =
  (status: number, body = '', headers: Record<string, string> = { 'content-type': 'text/html' }): CensusHandler =>
  (_query, response) => {
    response.writeHead(status, headers).end(body);
  };
const sending = (body: string): CensusHandler => answering(200, body, { 'content-type': 'application/json' });

/** Answers in turn, the last handler again and again, and counts the requests. */
function inTurn(...handlers: readonly CensusHandler[]): { handler: CensusHandler; times: number[] } {
  const times: number[] = [];
  const handler: CensusHandler = (...request) => {
    handlers[Math.min(times.push(performance.now()), handlers.length) - 1]?.(...request);
  };
  return { handler, times };
}

const ask = async (handler: CensusHandler, options: Partial<CensusApi> = {}, query = counties) =>
  askCensus({ key, baseUrl: await startServer(handler), firstWaitMs: 1, attemptsMax: 3, ...options }, query);

/** Everything that a failure shows, in a log too. */
const failureOf = async (asked: Promise<unknown>): Promise<{ failure: string; message: string }> => {
  const error = await asked.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof CensusApiError)) throw new Error('A CensusApiError was expected.', { cause: error });
  const shown = `${error.stack} ${JSON.stringify(error)} ${String(error.cause)}`;
  for (const written of [key, encodeURIComponent(key), 'secret']) expect(shown).not.toContain(written);
  return error;
};

describe('a request of the Census API', () => {
  it('names dataset, variables, geography and key', async () => {
    const seen: string[] = [];
    const query = { ...counties, for: 'place:*', in: 'state:36' };
    const answer = await ask(
      (parameters, response, request) => {
        seen.push(request.url?.replace(/\?.*/, '') ?? '', ...parameters.values());
        sending(bodies.place)(parameters, response, request);
      },
      {},
      query,
    );
    expect(seen).toEqual(['/data/2023/acs/acs5', 'NAME,B01003_001E,B25001_001E', 'place:*', 'state:36', key]);
    expect(answer[0]).toEqual({
      NAME: 'New York city, New York',
      B01003_001E: '8516202',
      B25001_001E: '3649896',
      state: '36',
      place: '51000',
    });
  });

  it('reads the genuine bodies of counties and ZIP code areas', async () => {
    expect((await ask(sending(bodies.county))).map((row) => [row['state'], row['county'], row['B01003_001E']])).toEqual(
      [
        ['01', '001', '59285'],
        ['01', '003', '239945'],
      ],
    );
    const areas = { ...counties, for: 'zip code tabulation area:*' };
    expect((await ask(sending(bodies.zcta), {}, areas)).map((row) => row['zip code tabulation area'])).toEqual([
      '00601',
      '02139',
    ]);
  });

  it('is not made without a key, nor with one in the clear', async () => {
    expect(await failureOf(ask(sending(bodies.county), { key: ' ' }))).toMatchObject({ failure: 'key' });
    for (const baseUrl of ['http://api.census.example', 'no address'])
      expect(await failureOf(askCensus({ key, baseUrl }, counties))).toMatchObject({ failure: 'refused' });
  });
});

describe('a failure that stays', () => {
  const invalidKey = `<html><head><title>Invalid Key</title></head><body><h1>Invalid Key</h1><p>A valid <em>key</em> must
    be included with each data API request. You included a key with this request, however, it is not valid.</p></body></html>`;
  const moved = { location: 'https://api.census.gov/data/missing_key.html', 'x-datawebapi-keyerror': '1' };

  it.each<[string, CensusHandler, string, RegExp]>([
    ['a redirect to missing_key.html', answering(302, '', moved), 'key', /refuses the key/],
    ['a redirect to invalid_key.html', answering(302, '', { location: '/data/invalid_key.html' }), 'key', /the key/],
    ['a page about the key with status 200', answering(200, invalidKey), 'key', /wrong or not activated/],
    ['403', answering(403, 'Forbidden'), 'key', /403/],
    ['a redirect elsewhere', answering(302, '', { location: 'https://census.example/' }), 'malformed', /status 302/],
    ['204', answering(204), 'no_data', /no data for county:\* of data\/2023/],
    ['a header without rows', sending(bodies.county.replace(/\],[\s\S]*/, ']]')), 'no_data', /no data/],
    ['400', answering(400, "error: error: unknown variable 'XYZ'"), 'refused', /status 400: .*unknown variable 'XYZ'/],
    ['400 that quotes the request', answering(400, `error: key=${key}`), 'refused', /error: key=…$/],
    ['400 with the key where it is cut', answering(400, `${'x'.repeat(190)}${key}`), 'refused', /x…$/],
    ['404', answering(404, '<p>The requested resource is not available</p>'), 'refused', /404: The requested/],
    ['HTML with status 200', answering(200, '<h1>Maintenance</h1>'), 'malformed', /no JSON but "Maintenance"/],
    ['no table', sending('{"error":true}'), 'malformed', /no row of column names/],
    ['a column too few', sending(bodies.county.replaceAll('B25001_001E', 'B25002_001E')), 'malformed', /B25001_001E/],
    ['a column twice', sending(bodies.county.replace('NAME', 'state')), 'malformed', /named twice/],
    ['a crooked row', sending(bodies.county.replace('"59285",', '')), 'malformed', /a row 1 that does not fit/],
  ])('is said at once: %s', async (_what, handler, failure, message) => {
    const { handler: counted, times } = inTurn(handler);
    const error = await failureOf(ask(counted));
    expect(error.failure).toBe(failure);
    expect(error.message).toMatch(message);
    expect(times).toHaveLength(1);
  });
});

describe('a failure that may pass', () => {
  const excuse = "There was an error while running your query. We've logged the error and we'll correct it ASAP.";
  const cut: CensusHandler = (_query, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '5000' });
    response.write(bodies.county.slice(0, 90), () => response.destroy());
  };
  const hang: CensusHandler = () => undefined;

  it.each<[string, CensusHandler, RegExp]>([
    ['429', answering(429), /status 429/],
    ['500', answering(500, excuse, { 'content-type': 'text/plain' }), /status 500/],
    ['503', answering(503), /status 503/],
    ['an excuse with status 200', answering(200, excuse, { 'content-type': 'text/plain' }), /error while running/],
    ['an answer cut by the server', sending(bodies.county.slice(0, 90)), /no whole JSON/],
    ['a connection lost in mid-answer', cut, /connection failed/],
    ['silence', hang, /took too long/],
  ])('is tried again, and given up in the end: %s', async (_what, handler, message) => {
    const once = inTurn(handler, sending(bodies.county));
    expect(await ask(once.handler, { timeoutMs: 300 })).toHaveLength(2);
    expect(once.times).toHaveLength(2);
    const always = inTurn(handler);
    const error = await failureOf(ask(always.handler, { timeoutMs: 100 }));
    expect(error.failure).toBe('unavailable');
    expect(error.message).toMatch(message);
    expect(error.message).toContain('3 attempts');
    expect(always.times).toHaveLength(3);
  });

  it('waits longer each time, and as long as the server asks', async () => {
    const { handler, times } = inTurn(answering(503));
    await failureOf(ask(handler, { firstWaitMs: 60, attemptsMax: 4 }));
    const waits = times.slice(1).map((time, index) => time - (times[index] ?? 0));
    for (const [index, waitMs] of [60, 120, 240].entries()) expect(waits[index]).toBeGreaterThanOrEqual(waitMs - 2);
    const asked = inTurn(answering(429, '', { 'retry-after': '1' }), sending(bodies.county));
    await ask(asked.handler);
    expect((asked.times[1] ?? 0) - (asked.times[0] ?? 0)).toBeGreaterThanOrEqual(990);
  });

  it('is a server that is not there', async () => {
    const error = await failureOf(
      askCensus({ key, baseUrl: 'http://127.0.0.1:9', attemptsMax: 2, firstWaitMs: 1 }, counties),
    );
    expect(error.failure).toBe('unavailable');
    expect(error.message).toMatch(/connection failed \(/);
  });

  it('is not waited for when the work is stopped', async () => {
    const stop = new AbortController();
    const { handler, times } = inTurn(answering(503));
    const asked = ask(handler, { firstWaitMs: 30_000, signal: stop.signal });
    setTimeout(() => stop.abort(), 50);
    await expect(asked).rejects.toMatchObject({ name: 'AbortError' });
    expect(times).toHaveLength(1);
  });
});
