import type { handler as ingestHandler } from '../../../src/apps/ingest.lambda.ts';
import type { handler as loadHandler } from '../../../src/apps/load.lambda.ts';

type APIGatewayProxyEvent = Parameters<typeof ingestHandler>[0];
type Context = Parameters<typeof ingestHandler>[1];
/** What the load function is called with. */
export type LoadEvent = Parameters<typeof loadHandler>[0];

/** A request to the REST API. */
export interface ApiRequest {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** An answer of a function to API Gateway, its body as the client gets it. */
export interface ApiAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly bytes: Buffer;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  readonly json: any;
}

type ApiHandler = (
  event: APIGatewayProxyEvent,
  context: Context,
) => Promise<{
  statusCode: number;
  headers?: Readonly<Record<string, unknown>> | undefined;
  body: string;
  isBase64Encoded?: boolean | undefined;
}>;

let requests = 0;

/** What Lambda tells a function of its invocation. */
export function lambdaContext(functionName = 'slicehouse-test'): Context {
  requests += 1;
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: `arn:aws:lambda:us-east-1:123456789012:function:${functionName}`,
    memoryLimitInMB: '1024',
    awsRequestId: `request-${requests}`,
    logGroupName: `/slicehouse/${functionName}`,
    logStreamName: 'stream',
    getRemainingTimeInMillis: () => 300_000,
    done: () => undefined,
    fail: () => undefined,
    succeed: () => undefined,
  };
}

/** The event that API Gateway makes of a request; bodies that are bytes are written in base64. */
export function apiEvent(url: string, { method = 'GET', headers = {}, body }: ApiRequest = {}): APIGatewayProxyEvent {
  const { pathname, searchParams } = new URL(url, 'https://api.example.com');
  const multi = Object.fromEntries([...searchParams.keys()].map((name) => [name, searchParams.getAll(name)]));
  const event = {
    resource: '/{proxy+}',
    path: decodeURI(pathname),
    httpMethod: method,
    headers: { Host: 'api.example.com', 'X-Forwarded-For': '203.0.113.7', ...headers },
    multiValueHeaders: {},
    queryStringParameters: searchParams.size > 0 ? Object.fromEntries(searchParams) : null,
    multiValueQueryStringParameters: searchParams.size > 0 ? multi : null,
    pathParameters: null,
    stageVariables: null,
    requestContext: {
      stage: 'v1',
      resourcePath: '/{proxy+}',
      httpMethod: method,
      path: pathname,
      identity: { sourceIp: '203.0.113.7' },
    },
    body: body === undefined ? null : Buffer.isBuffer(body) ? body.toString('base64') : body,
    isBase64Encoded: Buffer.isBuffer(body),
  };
  return event as unknown as APIGatewayProxyEvent;
}

/** Calls a function as API Gateway does. */
export async function askFunction(handler: ApiHandler, url: string, request?: ApiRequest): Promise<ApiAnswer> {
  const { statusCode, headers = {}, body, isBase64Encoded } = await handler(apiEvent(url, request), lambdaContext());
  const bytes = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
  const isJson =
    /\/(problem\+)?json/.test(String(headers['content-type'])) && headers['content-encoding'] === undefined;
  const text = bytes.toString();
  return { status: statusCode, headers, bytes, text, json: isJson ? JSON.parse(text) : undefined };
}

/** An object as S3 tells of it. */
export interface LandedObject {
  readonly key: string;
  readonly bytes: number;
}

/** The event that SQS makes of S3's notifications about objects, one message for each; their ids are the keys. */
export function landedEvent(bucket: string, objects: readonly LandedObject[]): LoadEvent {
  const eventTime = new Date().toISOString();
  const Records = objects.map(({ key, bytes }) => {
    const object = { key: encodeURIComponent(key).replaceAll('%2F', '/').replaceAll('%20', '+'), size: bytes };
    const s3 = { bucket: { name: bucket }, object };
    const body = JSON.stringify({
      Records: [{ eventSource: 'aws:s3', eventName: 'ObjectCreated:Put', eventTime, s3 }],
    });
    return { messageId: key, receiptHandle: 'x', body };
  });
  return { Records } as unknown as LoadEvent;
}
