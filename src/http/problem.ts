import { STATUS_CODES } from 'node:http';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import type { Problem } from '../contract/answers.ts';
import { type ErrorCode, errorCodes, SlicehouseError } from '../contract/errors.ts';

/** This server explains every code here (docs/errors.md). */
const explanation = '/docs/errors#';

/** A SlicehouseError as RFC 9457 writes it. */
export function toProblem(error: SlicehouseError): Problem {
  const { status, title } = errorCodes[error.code];
  const problem: Problem = { type: explanation + error.code, title, status, code: error.code, detail: error.message };
  return error.errors.length > 0 ? { ...problem, errors: [...error.errors] } : problem;
}

/** Answers any failure of a request as a problem document. What is not expected is logged and not told. */
export async function answerProblem(
  error: FastifyError | Error,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const known = error instanceof SlicehouseError ? error : translate(error as FastifyError);
  if (known.code === 'internal') request.log.error({ err: error }, 'request failed');
  if (known.retryAfterSeconds !== undefined) reply.header('retry-after', known.retryAfterSeconds);
  if (known.code === 'unauthorized') reply.header('www-authenticate', 'Bearer realm="slicehouse"');
  return reply
    .code(errorCodes[known.code].status)
    .type('application/problem+json')
    .send(JSON.stringify(toProblem(known)));
}

const ofStatus: Readonly<Record<number, ErrorCode>> = {
  400: 'malformed_json',
  404: 'not_found',
  405: 'method_not_allowed',
  408: 'request_timeout',
  413: 'payload_too_large',
  415: 'unsupported_media_type',
  429: 'rate_limited',
  503: 'overloaded',
};

/** Says in our words what the HTTP library found wrong. */
function translate(error: FastifyError): SlicehouseError {
  const code = ofStatus[error.statusCode ?? 500];
  if (code === undefined)
    return new SlicehouseError('internal', 'The server made a mistake; it is in the log.', { cause: error });
  if (code === 'payload_too_large') {
    return new SlicehouseError(code, 'The body is larger than 8 MiB (after unpacking). Send it in parts.', {
      cause: error,
    });
  }
  if (code === 'unsupported_media_type') {
    const detail =
      'Send one order as application/json or many as application/x-ndjson, plain or with content-encoding gzip.';
    return new SlicehouseError(code, detail, { cause: error });
  }
  return new SlicehouseError(code, error.message, { cause: error });
}

/** What a client gets that does not speak HTTP, or sends too slowly: there is no request to answer then. */
export function rawProblem(code: ErrorCode, detail: string): string {
  const body = JSON.stringify(toProblem(new SlicehouseError(code, detail)));
  const { status } = errorCodes[code];
  return [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'content-type: application/problem+json',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
    '',
    body,
  ].join('\r\n');
}
