import type { APIGatewayProxyEvent } from 'aws-lambda';
import { once } from './cloud/once.ts';
import { openApi } from './cloud/open-api.ts';
import { createTelemetry } from './cloud/telemetry.ts';

const telemetry = createTelemetry('api');
const open = once(() => openApi(telemetry));

/** Answers requests that API Gateway passes on, from Redshift. */
export const handler = telemetry.handler(async (event: APIGatewayProxyEvent, context) =>
  (await open())(event, context),
);
