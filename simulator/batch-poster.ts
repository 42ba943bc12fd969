import type { BatchAnswer, Problem, Rejection } from '../src/contract/answers.ts';
import { type HttpClient, RefusedError } from './http-client.ts';

/** Orders as NDJSON. */
export interface Batch {
  readonly body: Buffer;
  readonly lines: number;
}

export interface BatchOutcome {
  readonly accepted: number;
  readonly rejected: readonly Rejection[];
}

/** What fits into one request, with room to spare below the limits of the contract. */
export const batchLinesMax = 5_000;
export const batchBytesMax = 4 * 1024 * 1024;

/**
 * Posts orders as one NDJSON request and waits until the server has them.
 *
 * @throws RefusedError when the server refuses the request as a whole, such as for a missing key
 */
export async function postBatch(
  client: HttpClient,
  { body, lines }: Batch,
  signal?: AbortSignal,
): Promise<BatchOutcome> {
  const asked = {
    method: 'POST',
    path: '/v1/orders',
    contentType: 'application/x-ndjson',
    body,
  } as const;
  const answer = await client.sendPatiently(asked, signal);
  if (answer.status === 202) return JSON.parse(answer.body) as BatchAnswer;
  if (answer.status === 422) return allRejected(lines, answer.body);
  throw new RefusedError(asked, answer);
}

/** None of the lines could be taken: the answer is a problem document. */
function allRejected(count: number, body: string): BatchOutcome {
  const { code, errors = [] } = JSON.parse(body) as Problem;
  return { accepted: 0, rejected: Array.from({ length: count }, (_, index) => ({ line: index + 1, code, errors })) };
}
