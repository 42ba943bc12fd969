import type {
  APIGatewayAuthorizerResult,
  APIGatewayRequestAuthorizerEvent,
  APIGatewayTokenAuthorizerEvent,
} from 'aws-lambda';
import type { Keys, Role } from '../../http/keys.ts';

/** What API Gateway asks an authorizer, of either kind. */
export type AuthorizerEvent = APIGatewayRequestAuthorizerEvent | APIGatewayTokenAuthorizerEvent;

/**
 * What a role may call, as the end of an execute-api ARN. The functions judge again, by route; API Gateway keeps this
 * answer for other routes of the same caller, so that it names all of them.
 */
const callsOf: Readonly<Record<Role, readonly string[]>> = {
  ingest: ['POST/v1/orders', 'GET/v1/receipts/*'],
  read: ['GET/*'],
  admin: ['*'],
};

/**
 * Answers API Gateway who calls and what that role may call; undefined for whoever has no valid key. Nothing in the
 * answer tells the key's secret.
 */
export function authorizeCaller(
  event: AuthorizerEvent,
  keys: Pick<Keys, 'find'>,
): APIGatewayAuthorizerResult | undefined {
  const token = /^Bearer\s+(\S+)$/i.exec(authorizationOf(event) ?? '')?.[1];
  const key = token === undefined ? undefined : keys.find(token);
  if (!key) return undefined;
  // arn:aws:execute-api:region:account:api/stage/method/path
  const api = event.methodArn.split('/').slice(0, 2).join('/');
  return {
    principalId: key.id,
    policyDocument: {
      Version: '2012-10-17',
      Statement: [
        { Action: 'execute-api:Invoke', Effect: 'Allow', Resource: callsOf[key.role].map((call) => `${api}/${call}`) },
      ],
    },
    context: { role: key.role, source: key.source },
  };
}

function authorizationOf(event: AuthorizerEvent): string | undefined {
  if (event.type === 'TOKEN') return event.authorizationToken;
  return Object.entries(event.headers ?? {}).find(([name]) => name.toLowerCase() === 'authorization')?.[1];
}
