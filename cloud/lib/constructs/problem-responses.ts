import { ResponseType, type RestApi } from 'aws-cdk-lib/aws-apigateway';
import { type ErrorCode, errorCodes } from '../../../src/contract/errors.ts';

interface Refusal {
  readonly when: ResponseType;
  readonly code: ErrorCode;
  readonly detail: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const refusals: readonly Refusal[] = [
  {
    when: ResponseType.UNAUTHORIZED,
    code: 'unauthorized',
    detail: 'Send a valid key as Authorization: Bearer sh_…',
    headers: { 'www-authenticate': 'Bearer realm="slicehouse"' },
  },
  { when: ResponseType.ACCESS_DENIED, code: 'forbidden', detail: 'The role of this key may not make this call.' },
  { when: ResponseType.WAF_FILTERED, code: 'forbidden', detail: 'The firewall refused this request.' },
  { when: ResponseType.MISSING_AUTHENTICATION_TOKEN, code: 'not_found', detail: 'No route has this method and path.' },
  { when: ResponseType.RESOURCE_NOT_FOUND, code: 'not_found', detail: 'No route has this method and path.' },
  { when: ResponseType.BAD_REQUEST_PARAMETERS, code: 'unsupported_media_type', detail: 'Send a Content-Type.' },
  {
    when: ResponseType.REQUEST_TOO_LARGE,
    code: 'payload_too_large',
    detail: 'The body is larger than the gateway takes. Send it in parts.',
  },
  {
    when: ResponseType.THROTTLED,
    code: 'rate_limited',
    detail: 'More requests a second than are taken here.',
    headers: { 'retry-after': '1' },
  },
  {
    when: ResponseType.DEFAULT_5XX,
    code: 'overloaded',
    detail: 'The request could not be answered; it may or may not have been taken. Sending it again is harmless.',
    headers: { 'retry-after': '5' },
  },
];

/** Has the gateway say what it refuses by itself in the problem documents that the functions speak. */
export function answerProblems(api: RestApi): void {
  for (const { when, code, detail, headers = {} } of refusals) {
    const { status, title } = errorCodes[code];
    const problem = { type: `/docs/errors#${code}`, title, status, code, detail };
    api.addGatewayResponse(`${code}-${when.responseType}`, {
      type: when,
      statusCode: String(status),
      templates: { 'application/json': JSON.stringify(problem) },
      responseHeaders: Object.fromEntries(
        Object.entries({ 'content-type': 'application/problem+json', ...headers }).map(([name, value]) => [
          name,
          `'${value}'`,
        ]),
      ),
    });
  }
}
