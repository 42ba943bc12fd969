/**
 * Every error a caller can meet: a closed list. docs/errors.md explains each with cause and cure, and a test
 * keeps the two equal.
 */
export const errorCodes = {
  malformed_json: { status: 400, title: 'The body is not valid JSON' },
  unauthorized: { status: 401, title: 'A valid key is needed' },
  forbidden: { status: 403, title: 'This key may not do that' },
  not_found: { status: 404, title: 'There is nothing here' },
  method_not_allowed: { status: 405, title: 'This address does not take that method' },
  request_timeout: { status: 408, title: 'The request took too long to arrive' },
  already_resolved: { status: 409, title: 'This record has left quarantine already' },
  payload_too_large: { status: 413, title: 'The body is too large' },
  unsupported_media_type: { status: 415, title: 'This content type or encoding is not understood' },
  invalid_order: { status: 422, title: 'The order cannot be taken as it is' },
  invalid_reference: { status: 422, title: 'The reference data cannot be taken as it is' },
  invalid_parameter: { status: 422, title: 'A parameter has a value that is not allowed' },
  rate_limited: { status: 429, title: 'Too many requests' },
  internal: { status: 500, title: 'Something went wrong on the server' },
  overloaded: { status: 503, title: 'The server is busy' },
  storage_full: { status: 503, title: 'The disk is full' },
  stopping: { status: 503, title: 'The server is stopping' },
} as const;

export type ErrorCode = keyof typeof errorCodes;

/** One thing wrong with one value. `path` is a JSON Pointer into the order, or the name of a parameter. */
export interface Fault {
  readonly path: string;
  readonly message: string;
}

/** What is thrown for every expected failure; the HTTP layer answers it as a problem document. */
export class SlicehouseError extends Error {
  readonly code: ErrorCode;
  readonly errors: readonly Fault[];
  /** Whole seconds after which trying again makes sense. */
  readonly retryAfterSeconds: number | undefined;

  constructor(
    code: ErrorCode,
    detail: string,
    options: { errors?: readonly Fault[]; retryAfterSeconds?: number; cause?: unknown } = {},
  ) {
    super(detail, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'SlicehouseError';
    this.code = code;
    this.errors = options.errors ?? [];
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}
