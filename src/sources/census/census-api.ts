import { setTimeout as sleep } from 'node:timers/promises';
import {
  type CensusAnswer,
  CensusApiError,
  type CensusQuery,
  judge,
  nameOf,
  Passing,
  toRows,
  withoutKey,
} from './census-answer.ts';

export interface CensusApi {
  /** Asked for at api.census.gov/data/key_signup.html; needed on every request. */
  readonly key: string;
  readonly baseUrl: string;
  readonly attemptsMax?: number;
  /** Doubles with each attempt; what the server asks for with Retry-After counts if it is longer. */
  readonly firstWaitMs?: number;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal | undefined;
}

const answerBytesMax = 64 * 1024 * 1024;
const waitMsMax = 60_000;
const attemptsMaxDefault = 5;

/**
 * Asks the Census API once, and again with growing waits when it is overloaded, out of order or too slow.
 *
 * @throws CensusApiError, whose message never holds the key; AbortError when the signal says so
 */
export async function askCensus(api: CensusApi, query: CensusQuery): Promise<CensusAnswer> {
  const url = addressOf(api, query);
  const { attemptsMax = attemptsMaxDefault, firstWaitMs = 1000 } = api;
  for (let attempt = 1; ; attempt++) {
    try {
      return await attemptOnce(url, api, query);
    } catch (error) {
      api.signal?.throwIfAborted();
      if (error instanceof CensusApiError) throw error;
      const passing = error instanceof Passing ? error : new Passing(reasonOf(error));
      if (attempt >= attemptsMax) throw givenUp(api, query, attempt, passing);
      const waitMs = Math.max(firstWaitMs * 2 ** (attempt - 1), passing.waitMs);
      await sleep(Math.min(waitMs, waitMsMax), undefined, { signal: api.signal });
    }
  }
}

function givenUp(api: CensusApi, query: CensusQuery, attempts: number, { message }: Passing): CensusApiError {
  const text = `The Census API gave no figures for ${nameOf(query)} in ${attempts} attempts: ${message}`;
  return new CensusApiError('unavailable', withoutKey(text, api.key));
}

function addressOf({ key, baseUrl }: CensusApi, query: CensusQuery): URL {
  if (key.trim() === '') throw new CensusApiError('key', 'The Census API wants a key, and there is none.');
  if (!URL.canParse(baseUrl)) throw new CensusApiError('refused', 'The base address of the Census API is no URL.');
  const url = new URL(query.dataset, baseUrl.endsWith('/') ? baseUrl : `${baseUrl}/`);
  const isHere = ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname);
  if (url.protocol !== 'https:' && !isHere)
    throw new CensusApiError('refused', 'The base address of the Census API must begin with https, or the key shows.');
  url.searchParams.set('get', query.variables.join(','));
  url.searchParams.set('for', query.for);
  if (query.in !== undefined) url.searchParams.set('in', query.in);
  url.searchParams.set('key', key.trim());
  return url;
}

async function attemptOnce(url: URL, api: CensusApi, query: CensusQuery): Promise<CensusAnswer> {
  const timeout = AbortSignal.timeout(api.timeoutMs ?? 60_000);
  const signal = api.signal === undefined ? timeout : AbortSignal.any([timeout, api.signal]);
  const response = await fetch(url, { redirect: 'manual', signal, headers: { accept: 'application/json' } });
  const text = await readText(response);
  judge(response, text, api.key, query);
  return toRows(text, query);
}

async function readText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > answerBytesMax)
      throw new CensusApiError('malformed', `The Census API sent more than ${answerBytesMax} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Names the reason without the address: what fetch says may hold it. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'the connection failed';
  if (error.name === 'TimeoutError') return 'it took too long';
  const cause = error.cause as NodeJS.ErrnoException | undefined;
  return `the connection failed (${cause?.code ?? error.name})`;
}
