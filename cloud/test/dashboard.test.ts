import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dashboardRoutes } from '../../src/apps/dashboard-routes.ts';
import { SlicehouseError } from '../../src/contract/errors.ts';
import { createApp } from '../../src/http/create-app.ts';
import { toProblem } from '../../src/http/problem.ts';
import { createLog } from '../../src/runtime/log.ts';
import { builtDashboard } from '../lib/dashboard/built-dashboard.ts';
import { errorExplanations } from '../lib/dashboard/error-explanations.ts';
import { pageRouter } from '../lib/dashboard/page-router.ts';
import { type Resource, resourcesOf, type Synthesized, statementsOf, synthesize } from './support/app.ts';

let dev: Synthesized;
let elsewhere: Synthesized;
const certificate = 'arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012';
beforeAll(async () => {
  dev = await synthesize();
  elsewhere = await synthesize({
    region: 'eu-west-1',
    dashboardDomain: 'figures.example.com',
    dashboardCertificate: certificate,
  });
});
afterAll(() => {
  dev?.[Symbol.dispose]();
  elsewhere?.[Symbol.dispose]();
});

const only = (type: string, from = dev, stage = 'Dashboard'): Resource['Properties'] => {
  const found = resourcesOf(from.templates[stage], type);
  expect(found).toHaveLength(1);
  return found[0]?.[1].Properties ?? {};
};

interface Behaviour {
  readonly PathPattern?: string;
  readonly TargetOriginId: string;
  readonly ViewerProtocolPolicy: string;
  readonly CachePolicyId: string;
  readonly Compress?: boolean;
  readonly FunctionAssociations?: readonly { readonly EventType: string }[];
  readonly ResponseHeadersPolicyId?: unknown;
}
interface Origin {
  readonly Id: string;
  readonly DomainName: unknown;
  readonly OriginAccessControlId?: unknown;
  readonly OriginPath?: string;
  readonly CustomOriginConfig?: unknown;
}
const distribution = (from = dev) =>
  only('AWS::CloudFront::Distribution', from)['DistributionConfig'] as {
    readonly Origins: readonly Origin[];
    readonly DefaultCacheBehavior: Behaviour;
    readonly CacheBehaviors: readonly Behaviour[];
    readonly [name: string]: unknown;
  };
const originOf = (behaviour: Behaviour): Origin | undefined =>
  distribution().Origins.find(({ Id }) => Id === behaviour.TargetOriginId);

/** A Content-Security-Policy as directives with their sources. */
const directives = (header: unknown): Record<string, string[]> =>
  Object.fromEntries(
    String(header)
      .split(';')
      .map((directive) => directive.trim().split(/\s+/))
      .map(([name = '', ...sources]) => [name, sources.sort()]),
  );

describe('the distribution', () => {
  it('takes pages from the bucket by origin access control, compressed, over HTTPS', () => {
    const pages = distribution().DefaultCacheBehavior;
    expect(pages).toMatchObject({
      ViewerProtocolPolicy: 'redirect-to-https',
      Compress: true,
      ResponseHeadersPolicyId: { Ref: expect.stringMatching(/^PageHeaders/) },
    });
    expect(originOf(pages)).toMatchObject({ OriginAccessControlId: expect.anything() });
    const access = only('AWS::CloudFront::OriginAccessControl')['OriginAccessControlConfig'];
    expect(access).toMatchObject({ SigningBehavior: 'always', SigningProtocol: 'sigv4' });
  });

  it('passes orders to one API and the rest of /v1/ to the other, without keeping answers', () => {
    const behaviours = distribution().CacheBehaviors;
    expect(behaviours.map(({ PathPattern }) => PathPattern)).toEqual(['/v1/orders', '/v1/*', '/openapi.json']);
    const noCache = '4135ea2d-6df8-44a3-9df3-4b5a84be39ad';
    for (const behaviour of behaviours) {
      expect(behaviour).toMatchObject({ CachePolicyId: noCache, ViewerProtocolPolicy: 'https-only' });
      expect(originOf(behaviour)).toMatchObject({
        OriginPath: '/live',
        CustomOriginConfig: { OriginProtocolPolicy: 'https-only', OriginSSLProtocols: ['TLSv1.2'] },
      });
    }
    const domains = behaviours.map((behaviour) => JSON.stringify(originOf(behaviour)?.DomainName));
    expect(domains[0]).toMatch(/slicehouse-dev-ingest/);
    expect(domains[1]).toMatch(/slicehouse-dev-api/);
  });

  it('is behind a firewall of its own scope, and logged', () => {
    expect(only('AWS::WAFv2::WebACL')['Scope']).toBe('CLOUDFRONT');
    expect(distribution()['WebACLId']).toEqual({ 'Fn::GetAtt': [expect.stringMatching(/^Firewall/), 'Arn'] });
    expect(distribution()['Logging']).toMatchObject({ Prefix: 'cloudfront/' });
  });

  it('limits each address that comes to the edge, where nothing is forwarded yet', () => {
    const { Rules } = only('AWS::WAFv2::WebACL') as { Rules: { Name: string; Statement: object }[] };
    expect(Rules.filter(({ Name }) => Name.endsWith('Limit'))).toMatchObject([
      { Name: 'AddressLimit', Statement: { RateBasedStatement: { Limit: 3000, AggregateKeyType: 'IP' } } },
    ]);
  });

  it('speaks TLS 1.2 and newer under a domain of the owner', () => {
    expect(distribution(elsewhere)).toMatchObject({
      Aliases: ['figures.example.com'],
      ViewerCertificate: { AcmCertificateArn: certificate, MinimumProtocolVersion: 'TLSv1.2_2021' },
    });
  });

  it('asks for domain and certificate together', async () => {
    await expect(synthesize({ dashboardDomain: 'figures.example.com' })).rejects.toThrow(/go together/);
  });
});

describe('in another region than us-east-1', () => {
  it('has its firewall in a stack of us-east-1 and passes every rule there too', () => {
    expect(elsewhere.findings).toEqual([]);
    const stack = (id: string) => elsewhere.app.node.findChild(id) as unknown as { region: string };
    expect(stack('Edge').region).toBe('us-east-1');
    expect(stack('Dashboard').region).toBe('eu-west-1');
    expect(only('AWS::WAFv2::WebACL', elsewhere, 'Edge')['Scope']).toBe('CLOUDFRONT');
    expect(resourcesOf(elsewhere.templates['Dashboard'], 'AWS::WAFv2::WebACL')).toEqual([]);
    expect(Object.keys(dev.templates)).not.toContain('Edge');
  });

  it('finds it by a parameter that is read at deployment', () => {
    const parameter = only('AWS::SSM::Parameter', elsewhere, 'Edge');
    expect(parameter).toMatchObject({
      Name: '/slicehouse-dev/edge/firewall',
      Value: { 'Fn::GetAtt': [expect.stringMatching(/^FirewallAcl/), 'Arn'] },
    });
    const read = JSON.stringify(only('Custom::EdgeFirewall', elsewhere)['Create']);
    expect(read).toContain('us-east-1');
    expect(read).toContain('/slicehouse-dev/edge/firewall');
    expect(distribution(elsewhere)['WebACLId']).toEqual({
      'Fn::GetAtt': [expect.stringMatching(/^EdgeFirewallParameter/), 'Parameter.Value'],
    });
  });
});

describe('headers of the pages', () => {
  it('hold the same Content-Security-Policy as on one machine', async () => {
    builtDashboard();
    const app = await createApp(createLog('silent'), 'test');
    await dashboardRoutes(app);
    const { headers, statusCode } = await app.inject('/');
    await app.close();
    expect(statusCode).toBe(200);
    const security = JSON.parse(JSON.stringify(only('AWS::CloudFront::ResponseHeadersPolicy'))) as {
      ResponseHeadersPolicyConfig: {
        SecurityHeadersConfig: { ContentSecurityPolicy: { ContentSecurityPolicy: string } };
      };
    };
    const { ContentSecurityPolicy } = security.ResponseHeadersPolicyConfig.SecurityHeadersConfig.ContentSecurityPolicy;
    expect(Object.keys(directives(ContentSecurityPolicy)).length).toBeGreaterThan(5);
    expect(directives(ContentSecurityPolicy)).toEqual(directives(headers['content-security-policy']));
  });

  it('keep browsers to HTTPS, to the declared types and out of frames', () => {
    expect(only('AWS::CloudFront::ResponseHeadersPolicy')['ResponseHeadersPolicyConfig']).toMatchObject({
      SecurityHeadersConfig: {
        StrictTransportSecurity: { AccessControlMaxAgeSec: 31_536_000, IncludeSubdomains: true },
        ContentTypeOptions: { Override: true },
        FrameOptions: { FrameOption: 'DENY' },
        ReferrerPolicy: { ReferrerPolicy: 'no-referrer' },
      },
    });
  });
});

describe('the page router', () => {
  it.each([
    ['/', '/index.html'],
    ['/pipeline', '/index.html'],
    ['/quarantine', '/index.html'],
    ['/quarantine/4f2a-00', '/index.html'],
    ['/docs/errors', '/docs/errors'],
    ['/theme.js', '/theme.js'],
    ['/favicon.svg', '/favicon.svg'],
    ['/assets/inter-latin-wght-normal-Dx4kXJAl.woff2', '/assets/inter-latin-wght-normal-Dx4kXJAl.woff2'],
  ])('answers %s with %s', (uri, expected) => {
    const event = { request: { uri } };
    const request = runInNewContext(`${pageRouter}; handler(event)`, { event }) as { uri: string };
    expect(request.uri).toBe(expected);
  });

  it('is what runs at the edge, for pages alone', () => {
    expect(only('AWS::CloudFront::Function')).toMatchObject({
      FunctionCode: pageRouter,
      FunctionConfig: { Runtime: 'cloudfront-js-2.0' },
    });
    expect(distribution().DefaultCacheBehavior.FunctionAssociations).toHaveLength(1);
    for (const behaviour of distribution().CacheBehaviors) expect(behaviour.FunctionAssociations).toBeUndefined();
  });

  it('leaves every file of the built dashboard its name', () => {
    const page = readFileSync(join(builtDashboard(), 'index.html'), 'utf8');
    const named = [...page.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map((match) => match[1] ?? '');
    expect(named.length).toBeGreaterThan(3);
    for (const uri of named) {
      const event = { request: { uri } };
      expect((runInNewContext(`${pageRouter}; handler(event)`, { event }) as { uri: string }).uri).toBe(uri);
    }
  });
});

describe('the files', () => {
  it('are kept by browsers when their name says their content, the page after them and asked for each time', () => {
    const deployments = resourcesOf(dev.templates['Dashboard'], 'Custom::CDKBucketDeployment');
    expect(
      deployments.map(([, { Properties }]) => [
        Properties['Exclude'],
        Properties['Include'],
        (Properties['SystemMetadata'] as Record<string, string>)['cache-control'],
        Properties['Prune'],
      ]),
    ).toEqual([
      [['*'], ['assets/*'], 'public, max-age=31536000, immutable', false],
      [['assets/*'], undefined, 'no-cache', false],
      [undefined, undefined, 'no-cache', false],
    ]);
    expect([deployments[1]?.[1].DependsOn].flat()).toContain(deployments[0]?.[0]);
  });

  it('say what each error means, as on one machine, where problem documents point to', async () => {
    builtDashboard();
    const app = await createApp(createLog('silent'), 'test');
    await dashboardRoutes(app);
    const { type } = toProblem(new SlicehouseError('rate_limited', 'Too many.'));
    const { body, headers } = await app.inject(type.replace(/#.*/, ''));
    await app.close();
    const file = `${errorExplanations()}${type.replace(/#.*/, '')}`;
    expect(readFileSync(file, 'utf8')).toBe(body);
    expect(body).toContain('## rate_limited');
    const [, , errors] = resourcesOf(dev.templates['Dashboard'], 'Custom::CDKBucketDeployment');
    expect(errors?.[1].Properties['SystemMetadata']).toMatchObject({ 'content-type': headers['content-type'] });
  });

  it('are written by a role that can write to this bucket only', () => {
    const writes = statementsOf(dev.templates['Dashboard']).filter(({ statement }) =>
      [statement.Action].flat().includes('s3:PutObject'),
    );
    expect(writes).toHaveLength(1);
    expect(JSON.stringify(writes[0]?.statement.Resource)).toMatch(/slicehouse-dev-dashboard-/);
  });
});
