import type { APIGatewayAuthorizerResult, Context } from 'aws-lambda';
import { type AuthorizerEvent, authorizeCaller } from './cloud/authorize-caller.ts';
import { secretsClient } from './cloud/aws-clients.ts';
import { readSettings } from './cloud/environment.ts';
import { once } from './cloud/once.ts';
import { SecretKeys } from './cloud/secret-keys.ts';
import { createTelemetry } from './cloud/telemetry.ts';

const telemetry = createTelemetry('authorize');
const open = once(async () => {
  const { keysSecret } = readSettings(['keysSecret']);
  return new SecretKeys({ client: secretsClient(telemetry), secretId: keysSecret });
});

const judge = telemetry.handler(async (event: AuthorizerEvent) => {
  const keys = await open();
  await keys.refresh();
  return authorizeCaller(event, keys);
});

/** Authorizes a call of API Gateway by our keys. */
export async function handler(event: AuthorizerEvent, context: Context): Promise<APIGatewayAuthorizerResult> {
  const answer = await judge(event, context);
  // API Gateway answers 401 to this text, and 500 to any other.
  if (!answer) throw new Error('Unauthorized');
  return answer;
}
