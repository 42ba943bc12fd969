/** What went wrong with the Census API; `key` and `refused` need a person, `unavailable` may be tried later. */
export type CensusFailure = 'key' | 'refused' | 'no_data' | 'malformed' | 'unavailable';

/** A failure of the Census API in words, without the key. */
export class CensusApiError extends Error {
  readonly failure: CensusFailure;

  constructor(failure: CensusFailure, message: string) {
    super(message);
    this.name = 'CensusApiError';
    this.failure = failure;
  }
}

/** `for` and `in` name geographies: `place:*` in `state:01`. */
export interface CensusQuery {
  /** Below the base address: `data/2023/acs/acs5`. */
  readonly dataset: string;
  readonly variables: readonly string[];
  readonly for: string;
  readonly in?: string | undefined;
}

/** A row by the names of its columns. */
export type CensusAnswer = readonly Readonly<Record<string, unknown>>[];

/** A failure that may pass; `waitMs` is what the server asked for. */
export class Passing extends Error {
  readonly waitMs: number;

  constructor(message: string, waitMs = 0) {
    super(message);
    this.waitMs = waitMs;
  }
}

/** What was asked, for messages. */
export function nameOf(query: CensusQuery): string {
  return `${query.for}${query.in === undefined ? '' : ` in ${query.in}`} of ${query.dataset}`;
}

const badKey = /valid key|invalid key|missing key|included a key/i;

/**
 * Throws unless the answer is JSON.
 *
 * @throws Passing when asking again may help, else CensusApiError
 */
export function judge({ status, headers }: Response, text: string, key: string, query: CensusQuery): void {
  if (isAboutKey(status, headers, text))
    throw new CensusApiError('key', `The Census API refuses the key: it is wrong or not activated (status ${status}).`);
  if (status === 429 || status >= 500) throw new Passing(`status ${status}`, askedWaitMs(headers));
  if (/error while running your query/i.test(text)) throw new Passing('it had an error while running the query');
  if (status === 204) throw new CensusApiError('no_data', `The Census API has no data for ${nameOf(query)}.`);
  const excerpt = excerptOf(withoutKey(text, key));
  if (status >= 400)
    throw new CensusApiError('refused', `The Census API refuses ${nameOf(query)} with status ${status}: ${excerpt}`);
  if (status !== 200) throw odd(query, `status ${status}`);
  if (!/\bjson\b/i.test(headers.get('content-type') ?? '')) throw odd(query, `no JSON but "${excerpt}"`);
}

/** The API redirects to a page about the key, or sends that page with status 200. */
function isAboutKey(status: number, headers: Headers, text: string): boolean {
  if (status === 401 || status === 403) return true;
  if (status >= 400) return false;
  if (headers.has('x-datawebapi-keyerror') || /_key/i.test(headers.get('location') ?? '')) return true;
  return text.trimStart().startsWith('<') && badKey.test(text);
}

function odd(query: CensusQuery, what: string): CensusApiError {
  return new CensusApiError('malformed', `The Census API answers ${nameOf(query)} with ${what}.`);
}

function askedWaitMs(headers: Headers): number {
  const seconds = Number(headers.get('retry-after') ?? 0);
  return Number.isFinite(seconds) ? seconds * 1000 : 0;
}

function excerptOf(body: string): string {
  const text = body.replace(/<(style|script)[\s\S]*?<\/\1>/gi, ' ').replace(/<[^>]*>/g, ' ');
  return text.replace(/\s+/g, ' ').trim().slice(0, 200);
}

/** A text that may quote the request, with the key struck out. */
export function withoutKey(text: string, key: string): string {
  return text.replaceAll(key.trim(), '…').replaceAll(encodeURIComponent(key.trim()), '…');
}

/** The body is an array of arrays, the first of which names the columns: all that were asked for, each once. */
export function toRows(text: string, query: CensusQuery): CensusAnswer {
  const body = parse(text);
  const [header, ...rows] = Array.isArray(body) ? body : [];
  const problem = problemOf(header, rows, query);
  if (problem !== undefined) throw odd(query, problem);
  if (rows.length === 0) throw new CensusApiError('no_data', `The Census API has no data for ${nameOf(query)}.`);
  return rows.map((row: readonly unknown[]) =>
    Object.fromEntries(header.map((name: string, i: number) => [name, row[i]])),
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // biome-ignore lint/style/useErrorCause: the parser's error quotes the body and says nothing more
    throw new Passing('its answer is no whole JSON');
  }
}

function problemOf(header: unknown, rows: readonly unknown[], query: CensusQuery): string | undefined {
  if (!Array.isArray(header)) return 'no row of column names';
  if (new Set(header).size !== header.length) return 'a column named twice';
  const geographies = [query.for, query.in].flatMap((part) => (part === undefined ? [] : part.replace(/:.*/, '')));
  const missing = [...query.variables, ...geographies].filter((name) => !header.includes(name));
  if (missing.length > 0) return `no column ${missing.join(', ')}`;
  const crooked = rows.findIndex((row) => !Array.isArray(row) || row.length !== header.length);
  return crooked < 0 ? undefined : `a row ${crooked + 1} that does not fit the ${header.length} columns`;
}
