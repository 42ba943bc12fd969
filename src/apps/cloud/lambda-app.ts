import { randomBytes } from 'node:crypto';
import awsLambdaFastify from '@fastify/aws-lambda';
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import { SlicehouseError } from '../../contract/errors.ts';
import { Access } from '../../http/access.ts';
import { type App, createApp } from '../../http/create-app.ts';
import { toProblem } from '../../http/problem.ts';
import { secretsClient } from './aws-clients.ts';
import { readOptional } from './environment.ts';
import { SecretKeys } from './secret-keys.ts';
import type { Telemetry } from './telemetry.ts';

/** The web application of a function, with keys from a secret. */
export interface LambdaApp {
  readonly app: App;
  readonly access: Access;
}

/** An application without routes whose requests are judged by the keys of a secret. */
export async function createLambdaApp(telemetry: Telemetry, keysSecret: string): Promise<LambdaApp> {
  const keys = new SecretKeys({ client: secretsClient(telemetry), secretId: keysSecret });
  const app = await createApp(telemetry.log, readOptional('SLICEHOUSE_VERSION', '0.0.0'));
  app.addHook('onRequest', async () => {
    await keys.refresh().catch((cause: unknown) => {
      telemetry.logger.error('the keys cannot be read', cause as Error);
      const detail = 'Who you are cannot be checked at the moment. Send it again.';
      throw new SlicehouseError('overloaded', detail, { retryAfterSeconds: 5, cause });
    });
    // Without keys a server on loopback trusts everybody; here nobody is let in.
    if (keys.list().length === 0) throw new SlicehouseError('unauthorized', 'No keys have been made yet.');
  });
  return { app, access: new Access({ keys, localToken: randomBytes(24).toString('base64url') }) };
}

/** A function that API Gateway calls. */
export type ProxyHandler = (event: APIGatewayProxyEvent, context: Context) => Promise<APIGatewayProxyResult>;

const binaryTypes = [
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  'application/vnd.apache.parquet',
  'application/gzip',
];

/** Lambda drops an answer of more than 6 MiB, and answers 502 in its place. The head of the answer needs room too. */
const answerBytesMax = 6 * 1024 * 1024 - 64 * 1024;

/** Answers events of API Gateway by the routes of an application; an answer that is too large by a problem document. */
export async function proxyOf(app: App): Promise<ProxyHandler> {
  await app.ready();
  const proxy = awsLambdaFastify<APIGatewayProxyEvent, awsLambdaFastify.LambdaFastifyOptions, APIGatewayProxyResult>(
    app as never,
    {
      binaryMimeTypes: binaryTypes,
      decorateRequest: false,
      // The path has no stage in it; one named "v1" would be taken for the start of every route.
      retainStage: true,
    },
  );
  return async (event, context) => {
    const answer = await proxy(event, context);
    const bytes = Buffer.byteLength(answer.body);
    return bytes > answerBytesMax ? tooLarge(bytes) : answer;
  };
}

function tooLarge(bytes: number): APIGatewayProxyResult {
  const detail = `The answer has ${Math.ceil(bytes / 1024 / 1024)} MiB, and 6 MiB is the most that can be sent here. Ask for gzip, or for less at a time: one state, fewer days, a limit.`;
  const problem = toProblem(new SlicehouseError('payload_too_large', detail));
  return {
    statusCode: problem.status,
    headers: { 'content-type': 'application/problem+json' },
    body: JSON.stringify(problem),
  };
}
