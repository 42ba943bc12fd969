import type { Problem } from '../../contract/answers.ts';
import type { ReportAnswer, ReportFormat } from '../../contract/report.ts';

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

/** Query parameters of a report; undefined ones are left out. */
export type ReportParameters = Readonly<Record<string, string | number | undefined>>;

/** The address of a report: what the page fetches, and what an export links to. */
export function reportUrl(name: string, parameters: ReportParameters, format?: ReportFormat): string {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries({ ...parameters, format })) {
    if (value !== undefined) query.set(key, String(value));
  }
  const written = query.toString();
  return `/v1/reports/${name}${written === '' ? '' : `?${written}`}`;
}

/**
 * Fetches a report.
 *
 * @throws ApiError with the problem document, or without one when the server cannot be reached
 */
export async function fetchReport<Row>(
  name: string,
  parameters: ReportParameters,
  signal: AbortSignal,
): Promise<ReportAnswer<Row>> {
  const response = await reach(reportUrl(name, parameters), signal);
  if (response.ok) return (await response.json()) as ReportAnswer<Row>;
  const problem = await readProblem(response);
  throw new ApiError(problem?.detail ?? `The server answered with status ${response.status}.`, problem && { problem });
}

async function reach(url: string, signal: AbortSignal): Promise<Response> {
  try {
    return await fetch(url, { signal, headers: { accept: 'application/json' } });
  } catch (cause) {
    if (signal.aborted) throw cause;
    throw new ApiError('The server cannot be reached. It may be stopped, or the network is down.', { cause });
  }
}

async function readProblem(response: Response): Promise<Problem | undefined> {
  if (!response.headers.get('content-type')?.includes('json')) return undefined;
  const body = (await response.json()) as Partial<Problem>;
  return typeof body.detail === 'string' ? (body as Problem) : undefined;
}
