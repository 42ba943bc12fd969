import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Resource, resourcesOf, type Synthesized, statementsOf, synthesize } from './support/app.ts';

let dev: Synthesized;
beforeAll(async () => {
  dev = await synthesize();
});
afterAll(() => dev?.[Symbol.dispose]());

const found = (type: string): Resource['Properties'][] =>
  resourcesOf(dev.templates['Api'], type).map(([, { Properties }]) => Properties);

describe('the reports API', () => {
  it('passes everything below /v1/ to the function, after the authorizer', () => {
    const paths = found('AWS::ApiGateway::Resource').map(({ PathPart }) => PathPart);
    expect(paths.sort()).toEqual(['openapi.json', 'v1', '{proxy+}']);
    const methods = found('AWS::ApiGateway::Method');
    expect(methods.map(({ HttpMethod }) => HttpMethod).sort()).toEqual(['ANY', 'GET']);
    for (const method of methods)
      expect(method).toMatchObject({
        AuthorizationType: 'CUSTOM',
        AuthorizerId: { Ref: expect.stringMatching(/Authorizer/) },
        Integration: { Type: 'AWS_PROXY' },
      });
  });

  it('is throttled, logged without bodies, traced, and behind a firewall', () => {
    expect(found('AWS::ApiGateway::Stage')[0]).toMatchObject({
      TracingEnabled: true,
      AccessLogSetting: { DestinationArn: expect.anything() },
      MethodSettings: [{ DataTraceEnabled: false, ThrottlingRateLimit: 50, ThrottlingBurstLimit: 100 }],
    });
    expect(found('AWS::WAFv2::WebACLAssociation')).toHaveLength(1);
  });

  it('has a function with a whole processor that reads the warehouse as a reader', () => {
    const api = resourcesOf(dev.templates['Api'], 'AWS::Lambda::Function').find(
      ([, { Properties }]) => Properties['FunctionName'] === 'slicehouse-dev-api',
    )?.[1];
    expect(api?.Properties).toMatchObject({ MemorySize: 1769, Timeout: 29 });
    const roles = found('AWS::IAM::Role').map(({ Tags }) => JSON.stringify(Tags));
    expect(roles.filter((tags) => tags.includes('slicehouse_reader'))).toHaveLength(1);
    expect(roles.filter((tags) => tags.includes('slicehouse_writer'))).toEqual([]);
  });

  it('writes claims and puts records on Firehose, and may delete nothing but claims', () => {
    const statements = statementsOf(dev.templates['Api']).map(({ statement }) => statement);
    const of = (action: string): string =>
      JSON.stringify(
        statements.filter(({ Action }) => [Action].flat().includes(action)).map(({ Resource }) => Resource),
      );
    expect(of('s3:DeleteObject')).toMatch(/\/claims\/\*"/);
    expect(of('s3:DeleteObject')).not.toMatch(/landing|curated/);
    expect(of('firehose:PutRecordBatch')).toMatch(/OrdersStream.*RejectsStream/);
  });
});
