import type { APIGatewayProxyEvent } from 'aws-lambda';
import { once } from './cloud/once.ts';
import { openIngest } from './cloud/open-ingest.ts';
import { createTelemetry } from './cloud/telemetry.ts';

const telemetry = createTelemetry('ingest');
const open = once(() => openIngest(telemetry));

/** Takes orders that API Gateway passes on; 202 once Firehose has them. */
export const handler = telemetry.handler(async (event: APIGatewayProxyEvent, context) =>
  (await open())(event, context),
);
