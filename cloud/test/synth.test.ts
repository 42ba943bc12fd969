import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { CfnResource, Validations } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { acknowledge } from '../lib/acknowledge.ts';
import { createApp } from '../lib/app.ts';
import { StageStack } from '../lib/stage-stack.ts';
import { resourcesOf, type Synthesized, statementsOf, synthesize } from './support/app.ts';

const stages = [
  'Security',
  'Network',
  'Stream',
  'Warehouse',
  'Ingest',
  'Load',
  'Sources',
  'Refresh',
  'Api',
  'Dashboard',
  'Monitoring',
];
// An older one knows fewer properties and versions than the library; .ci/run installs the right one.
const cfnLint = process.env['CFN_LINT'];

let dev: Synthesized;
beforeAll(async () => {
  dev = await synthesize();
});
afterAll(() => dev?.[Symbol.dispose]());

const everyResource = (synthesized: Synthesized, type: string) =>
  Object.values(synthesized.templates).flatMap((template) => resourcesOf(template, type));

describe('the app', () => {
  it('has a stack for every stage', () => {
    expect(Object.keys(dev.templates).sort()).toEqual([...stages].sort());
  });

  it('passes every rule of cdk-nag and of the built-in validator', () => {
    expect(dev.findings).toEqual([]);
  });

  it('passes them in production too', async () => {
    using prod = await synthesize({ environment: 'prod' });
    expect(prod.findings).toEqual([]);
  });

  it('does not come out when a rule is broken', () => {
    const app = createApp();
    const stack = new StageStack(app, 'Planted', 'a bucket without anything', {
      environment: (dev.app.node.findChild('Stream') as StageStack).settings,
    });
    new Bucket(stack, 'Open');
    expect(() => app.synth()).toThrow(/AwsSolutions-S10/);
  });

  it('refuses an environment that is none', () => {
    expect(() => createApp({ context: { environment: 'staging' } })).toThrow(/dev, prod/);
    expect(() => createApp({ context: { zones: 'us-east-1a,us-east-1b' } })).toThrow(/three/);
  });

  it.skipIf(!cfnLint && !process.env['CI'])('has no error that cfn-lint finds', () => {
    const templates = readdirSync(dev.folder).filter((name) => name.endsWith('.template.json'));
    const { stdout, status } = spawnSync(
      cfnLint ?? 'cfn-lint',
      ['--non-zero-exit-code', 'error', ...templates.map((name) => join(dev.folder, name))],
      { encoding: 'utf8' },
    );
    expect(stdout.split('\n').filter((line) => line.startsWith('E'))).toEqual([]);
    expect(status).toBe(0);
  });
});

describe('every acknowledgement', () => {
  it('stands on one resource and says why', () => {
    const acknowledged = dev.app.node.findAll().flatMap((construct) =>
      construct.node.metadata
        .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
        .map(({ data }) => ({
          construct,
          // The library notes some of its own here, too.
          rules: Object.entries(data as Record<string, string>).filter(([rule]) => rule.includes('AwsSolutions')),
        }))
        .filter(({ rules }) => rules.length > 0),
    );
    expect(acknowledged.length).toBeGreaterThan(0);
    for (const { construct, rules } of acknowledged) {
      expect(CfnResource.isCfnResource(construct), construct.node.path).toBe(true);
      for (const [rule, reason] of rules) {
        expect(reason.length, `${construct.node.path}: ${rule}`).toBeGreaterThan(40);
        // A rule that lists its findings is never acknowledged as a whole.
        expect(rule).not.toMatch(/IAM[45]$/);
      }
    }
  });

  it('cannot be given to a whole stack', () => {
    expect(() => acknowledge(dev.app.node.findChild('Stream'), 'AwsSolutions-S1', 'because')).toThrow(/no resource/);
  });
});

describe('in every stage', () => {
  it('functions run on Node 24 and arm64, traced, each with its own role, log group and encrypted environment', () => {
    const functions = everyResource(dev, 'AWS::Lambda::Function').filter(([, { Properties }]) =>
      JSON.stringify(Properties).includes('POWERTOOLS_SERVICE_NAME'),
    );
    expect(functions.length).toBeGreaterThanOrEqual(7);
    for (const [id, { Properties }] of functions)
      expect(Properties, id).toMatchObject({
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        TracingConfig: { Mode: 'Active' },
        LoggingConfig: { LogGroup: { Ref: expect.any(String) } },
        KmsKeyArn: expect.anything(),
      });
    const roles = functions.map(([, { Properties }]) => JSON.stringify(Properties['Role']));
    expect(new Set(roles).size).toBe(functions.length);
  });

  it('log groups end and have a key of ours', () => {
    const groups = everyResource(dev, 'AWS::Logs::LogGroup');
    expect(groups.length).toBeGreaterThan(10);
    for (const [id, { Properties }] of groups)
      expect(Properties, id).toMatchObject({ RetentionInDays: 14, KmsKeyId: expect.anything() });
  });

  it('buckets are private, versioned, encrypted and reachable over TLS alone', () => {
    const policies = JSON.stringify(everyResource(dev, 'AWS::S3::BucketPolicy'));
    for (const [id, { Properties }] of everyResource(dev, 'AWS::S3::Bucket')) {
      expect(Properties, id).toMatchObject({
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
        VersioningConfiguration: { Status: 'Enabled' },
        BucketEncryption: expect.anything(),
      });
      expect(policies).toContain(`"Bucket":{"Ref":"${id}"}`);
    }
    const denials = policies.match(/"aws:SecureTransport":"false"/g) ?? [];
    expect(denials.length).toBeGreaterThanOrEqual(everyResource(dev, 'AWS::S3::Bucket').length);
  });

  it('nothing is allowed on everything but what IAM cannot narrow', () => {
    const wide = Object.values(dev.templates)
      .flatMap(statementsOf)
      .filter(({ statement }) => statement.Effect === 'Allow' && [statement.Resource].flat().includes('*'))
      .flatMap(({ statement }) => [statement.Action].flat());
    const services = new Set(wide.map((action) => action.split(':')[0]));
    expect(wide).not.toContain('*');
    for (const service of ['s3', 'kms', 'secretsmanager', 'sqs', 'firehose', 'lambda', 'iam', 'rds'])
      expect(services).not.toContain(service);
  });

  it('no statement allows all actions of a service', () => {
    const actions = Object.values(dev.templates)
      .flatMap(statementsOf)
      .flatMap(({ statement }) => [statement.Action].flat());
    expect(actions.filter((action) => action.endsWith(':*') || action === '*')).toEqual([]);
  });
});
