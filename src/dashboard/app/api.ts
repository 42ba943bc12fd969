import type { Problem } from '../../contract/answers.ts';
import type { ReportAnswer, ReportFormat } from '../../contract/report.ts';
import { refuse, session } from './session.ts';

/** The server could not answer: it is unreachable, or it said why in a problem document. */
export class ApiError extends Error {
  /** Undefined when no answer came at all. */
  readonly problem: Problem | undefined;

  constructor(detail: string, options: { problem?: Problem; cause?: unknown } = {}) {
    super(detail, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'ApiError';
    this.problem = options.problem;
  }
}

export interface RequestOptions {
  readonly method?: 'GET' | 'POST' | 'DELETE';
  /** JSON text. */
  readonly body?: string;
  readonly accept?: string;
  readonly signal?: AbortSignal;
  /** Instead of the session's key. */
  readonly key?: string;
}

/**
 * Sends a request with the session's key; the answer's status is in the 200s.
 *
 * @throws ApiError with the problem document, or without one when the server cannot be reached
 */
export async function request(url: string, options: RequestOptions = {}): Promise<Response> {
  const key = options.key ?? session().key;
  const response = await reach(url, key, options);
  if (response.ok) return response;
  const problem = await readProblem(response);
  const detail = problem?.detail ?? `The server answered with status ${response.status}.`;
  if (response.status === 401) refuse(key, detail);
  throw new ApiError(detail, problem && { problem });
}

/**
 * Fetches a JSON document.
 *
 * @throws ApiError as `request` does
 */
export async function fetchJson<Body>(url: string, signal: AbortSignal): Promise<Body> {
  return (await (await request(url, { signal })).json()) as Body;
}

/** Query parameters; undefined ones are left out. */
export type QueryParameters = Readonly<Record<string, string | number | undefined>>;

/** An address with its query part: `/v1/quarantine?status=waiting`. */
export function withQuery(path: string, parameters: QueryParameters): string {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(parameters)) if (value !== undefined) query.set(key, String(value));
  const written = query.toString();
  return `${path}${written === '' ? '' : `?${written}`}`;
}

/** The address of a report: what the page fetches, and what an export links to. */
export function reportUrl(name: string, parameters: QueryParameters, format?: ReportFormat): string {
  return withQuery(`/v1/reports/${name}`, { ...parameters, format });
}

/**
 * Fetches a report.
 *
 * @throws ApiError as `request` does
 */
export function fetchReport<Row>(
  name: string,
  parameters: QueryParameters,
  signal: AbortSignal,
): Promise<ReportAnswer<Row>> {
  return fetchJson(reportUrl(name, parameters), signal);
}

async function reach(
  url: string,
  key: string | undefined,
  { method = 'GET', body, accept = 'application/json', signal }: RequestOptions,
): Promise<Response> {
  try {
    return await fetch(url, {
      method,
      headers: {
        accept,
        ...(key !== undefined && { authorization: `Bearer ${key}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body }),
      ...(signal && { signal }),
    });
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw new ApiError('The server cannot be reached. It may be stopped, or the network is down.', { cause });
  }
}

async function readProblem(response: Response): Promise<Problem | undefined> {
  if (!response.headers.get('content-type')?.includes('json')) return undefined;
  const body = (await response.json()) as Partial<Problem>;
  return typeof body.detail === 'string' ? (body as Problem) : undefined;
}
