import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { orderModel, toGatewaySchema } from '../lib/constructs/order-model.ts';
import { type Resource, resourcesOf, type Synthesized, statementsOf, synthesize } from './support/app.ts';

let dev: Synthesized;
beforeAll(async () => {
  dev = await synthesize();
});
afterAll(() => dev?.[Symbol.dispose]());

const ingest = (type: string) => resourcesOf(dev.templates['Ingest'], type);
const only = (found: [string, Resource][]): Resource['Properties'] => {
  expect(found).toHaveLength(1);
  return found[0]?.[1].Properties ?? {};
};

describe('the API for orders', () => {
  it('asks the Lambda authorizer before every route', () => {
    const methods = ingest('AWS::ApiGateway::Method').map(([, { Properties }]) => Properties);
    expect(methods.map(({ HttpMethod }) => HttpMethod)).toEqual(['POST']);
    for (const method of methods) expect(method['AuthorizationType']).toBe('CUSTOM');
    expect(only(ingest('AWS::ApiGateway::Authorizer'))).toMatchObject({
      Type: 'REQUEST',
      IdentitySource: 'method.request.header.Authorization',
      AuthorizerResultTtlInSeconds: 60,
    });
  });

  it('throttles, traces and logs, but never a body, a query or a key', () => {
    const stage = only(ingest('AWS::ApiGateway::Stage'));
    expect(stage).toMatchObject({
      TracingEnabled: true,
      MethodSettings: [{ ThrottlingRateLimit: 50, ThrottlingBurstLimit: 100, DataTraceEnabled: false }],
    });
    const { Format } = stage['AccessLogSetting'] as { Format: string };
    expect(Object.keys(JSON.parse(Format))).toContain('status');
    expect(Format).not.toMatch(/\$context\.(requestOverride|path\b|authorizer\.key)|body|querystring|header/i);
  });

  it('describes an order by the contract, and passes every body to the function as it is', () => {
    expect(only(ingest('AWS::ApiGateway::RestApi'))['BinaryMediaTypes']).toEqual(['*/*']);
    expect(only(ingest('AWS::ApiGateway::Model'))).toMatchObject({
      ContentType: 'application/json',
      Schema: expect.objectContaining({ title: 'Order', required: orderModel.required }),
    });
    expect(only(ingest('AWS::ApiGateway::RequestValidator'))).toMatchObject({
      ValidateRequestParameters: true,
      ValidateRequestBody: false,
    });
  });

  it('speaks problem documents when it refuses by itself', () => {
    const answers = ingest('AWS::ApiGateway::GatewayResponse').map(([, { Properties }]) => Properties);
    const byType = Object.fromEntries(answers.map((answer) => [String(answer['ResponseType']), answer]));
    for (const [type, code, status] of [
      ['UNAUTHORIZED', 'unauthorized', '401'],
      ['ACCESS_DENIED', 'forbidden', '403'],
      ['THROTTLED', 'rate_limited', '429'],
      ['DEFAULT_5XX', 'overloaded', '503'],
    ] as const) {
      const templates = byType[type]?.['ResponseTemplates'] as Record<string, string>;
      expect(JSON.parse(templates['application/json'] ?? '')).toMatchObject({ code, status: Number(status) });
      expect(byType[type]?.['StatusCode']).toBe(status);
    }
  });

  it('stands behind the firewall', () => {
    const association = only(ingest('AWS::WAFv2::WebACLAssociation'));
    const [acl] = ingest('AWS::WAFv2::WebACL');
    expect(JSON.stringify(association['WebACLArn'])).toContain(acl?.[0]);
    expect(JSON.stringify(association['ResourceArn'])).toContain('/stages/');
  });
});

describe('the firewall', () => {
  it('limits callers by address, also behind CloudFront, and by key, and has the managed rules', () => {
    const rules = only(ingest('AWS::WAFv2::WebACL'))['Rules'] as {
      Name: string;
      Statement: { RateBasedStatement?: object };
    }[];
    expect(rules.map(({ Name }) => Name)).toEqual([
      'AddressLimit',
      'ForwardedLimit',
      'KeyLimit',
      'AWSManagedRulesAmazonIpReputationList',
      'AWSManagedRulesKnownBadInputsRuleSet',
      'AWSManagedRulesCommonRuleSet',
    ]);
    expect(rules[0]?.Statement.RateBasedStatement).toEqual({ Limit: 30_000, AggregateKeyType: 'IP' });
    expect(rules[1]?.Statement.RateBasedStatement).toEqual({
      Limit: 3000,
      AggregateKeyType: 'FORWARDED_IP',
      ForwardedIPConfig: { HeaderName: 'X-Forwarded-For', FallbackBehavior: 'NO_MATCH' },
    });
    expect(rules[2]?.Statement.RateBasedStatement).toMatchObject({
      AggregateKeyType: 'CUSTOM_KEYS',
      CustomKeys: [{ Header: { Name: 'authorization' } }],
    });
  });

  it('lets batches through that are larger than the 8 KB of the managed rule', () => {
    const acl = JSON.stringify(only(ingest('AWS::WAFv2::WebACL')));
    expect(acl).toContain('{"ActionToUse":{"Count":{}},"Name":"SizeRestrictions_BODY"}');
  });

  it('keeps keys out of its log', () => {
    expect(only(ingest('AWS::WAFv2::LoggingConfiguration'))['RedactedFields']).toContainEqual({
      SingleHeader: { Name: 'authorization' },
    });
  });
});

describe('the ingest function', () => {
  it('may put records and read the hashes of keys, and nothing else of the system', () => {
    const actions = statementsOf(dev.templates['Ingest'])
      .filter(({ policy }) => /^Ingest[A-Z]/.test(policy))
      .flatMap(({ statement }) => [statement.Action].flat());
    expect([...new Set(actions)].sort()).toEqual([
      'firehose:PutRecordBatch',
      'kms:Decrypt',
      'kms:GenerateDataKey',
      'logs:CreateLogStream',
      'logs:PutLogEvents',
      's3:PutObject',
      'secretsmanager:GetSecretValue',
      'xray:PutTelemetryRecords',
      'xray:PutTraceSegments',
    ]);
  });

  it('is told where to put what', () => {
    const [[, ingestFunction] = ['', undefined]] = ingest('AWS::Lambda::Function').filter(
      ([, { Properties }]) => Properties['FunctionName'] === 'slicehouse-dev-ingest',
    );
    const environment = ingestFunction?.Properties['Environment'] as { Variables?: object } | undefined;
    expect(Object.keys(environment?.Variables ?? {})).toEqual(
      expect.arrayContaining([
        'SLICEHOUSE_BUCKET',
        'SLICEHOUSE_ORDERS_STREAM',
        'SLICEHOUSE_REJECTS_STREAM',
        'SLICEHOUSE_KEYS_SECRET',
      ]),
    );
  });
});

describe('the model of an order', () => {
  it('has only what API Gateway knows', () => {
    expect(orderModel).toMatchObject({
      schema: 'http://json-schema.org/draft-04/schema#',
      type: 'object',
      required: ['order_id', 'ordered_at', 'store_id', 'channel', 'lines'],
      properties: { lines: { type: 'array', minItems: 1, maxItems: 100 }, status: { enum: ['placed', 'voided'] } },
    });
    expect(JSON.stringify(orderModel)).not.toContain('"format"');
  });

  it('is not made from what API Gateway does not know', () => {
    expect(() => toGatewaySchema({ type: 'number', exclusiveMinimum: 0 })).toThrow('"exclusiveMinimum"');
  });
});

describe('the outputs', () => {
  it('hold the address that orders are posted to', () => {
    const { OrdersUrl } = dev.templates['Ingest']?.toJSON()['Outputs'] ?? {};
    expect(JSON.stringify(OrdersUrl.Value)).toMatch(/https:.*execute-api.*\/live\/v1\/orders/);
  });
});
