import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Resource, resourcesOf, type Synthesized, synthesize } from './support/app.ts';

let dev: Synthesized;
beforeAll(async () => {
  dev = await synthesize();
});
afterAll(() => dev?.[Symbol.dispose]());

const security = (type: string) => resourcesOf(dev.templates['Security'], type);
const only = (found: [string, Resource][]): Resource['Properties'] => {
  expect(found).toHaveLength(1);
  return found[0]?.[1].Properties ?? {};
};

describe('keys', () => {
  it('are three of our own, turned over every year', () => {
    const keys = security('AWS::KMS::Key').map(([, { Properties }]) => Properties);
    expect(keys).toHaveLength(3);
    for (const key of keys) expect(key).toMatchObject({ EnableKeyRotation: true, RotationPeriodInDays: 365 });
  });

  it('serve services only on behalf of this account', () => {
    for (const [id, { Properties }] of security('AWS::KMS::Key')) {
      const { Statement } = Properties['KeyPolicy'] as { Statement: { Principal: object; Condition?: object }[] };
      for (const statement of Statement.filter(({ Principal }) => 'Service' in Principal))
        expect(statement.Condition, id).toBeDefined();
    }
  });
});

describe('the trail', () => {
  it('records reads and writes of the data bucket, encrypted, with proof of its files', () => {
    const trail = only(security('AWS::CloudTrail::Trail'));
    expect(trail).toMatchObject({
      EnableLogFileValidation: true,
      IsMultiRegionTrail: true,
      IsLogging: true,
      KMSKeyId: expect.anything(),
    });
    const selectors = JSON.stringify(trail['EventSelectors']);
    expect(selectors).toContain('AWS::S3::Object');
    expect(selectors).toContain('slicehouse-dev-data-');
    const name = only(resourcesOf(dev.templates['Stream'], 'AWS::S3::Bucket'))['BucketName'];
    expect(JSON.stringify(name)).toContain('slicehouse-dev-data-');
  });
});

describe('the alarm topic', () => {
  it('is encrypted and takes messages of services of this account', () => {
    expect(only(security('AWS::SNS::Topic'))).toHaveProperty('KmsMasterKeyId');
    const { Statement } = only(security('AWS::SNS::TopicPolicy'))['PolicyDocument'] as { Statement: object[] };
    expect(Statement).toContainEqual(
      expect.objectContaining({
        Principal: { Service: ['budgets.amazonaws.com', 'cloudwatch.amazonaws.com', 'events.amazonaws.com'] },
        Condition: { StringEquals: { 'aws:SourceAccount': expect.anything() } },
      }),
    );
  });

  it('mails whom the context names', async () => {
    expect(security('AWS::SNS::Subscription')).toEqual([]);
    using mailed = await synthesize({ alarmEmail: 'alarms@example.com' });
    expect(only(resourcesOf(mailed.templates['Security'], 'AWS::SNS::Subscription'))).toMatchObject({
      Protocol: 'email',
      Endpoint: 'alarms@example.com',
    });
  });
});

describe('secrets', () => {
  it('have our key; that of the callers begins without any', () => {
    const secret = only(security('AWS::SecretsManager::Secret'));
    expect(secret).toMatchObject({ Name: 'slicehouse-dev/keys', SecretString: '[]', KmsKeyId: expect.anything() });
  });
});

describe('production', () => {
  it('keeps its data and its logs, and protects its stacks', async () => {
    using prod = await synthesize({ environment: 'prod' });
    const stores = ['AWS::S3::Bucket', 'AWS::KMS::Key', 'AWS::RedshiftServerless::Namespace'].flatMap((type) =>
      Object.values(prod.templates).flatMap((template) => resourcesOf(template, type)),
    );
    expect(stores.length).toBeGreaterThan(5);
    for (const [id, { DeletionPolicy }] of stores) expect(DeletionPolicy, id).toBe('Retain');
    for (const stack of prod.app.node.children.filter((child) => 'terminationProtection' in child))
      expect(stack).toMatchObject({ terminationProtection: true });
    for (const template of Object.values(prod.templates))
      for (const [id, { Properties }] of resourcesOf(template, 'AWS::Logs::LogGroup'))
        expect(Properties['RetentionInDays'], id).toBe(365);
  });
});

describe('a trial', () => {
  it('empties its buckets when it is torn down, which production never does', async () => {
    const emptied = (synthesized: Synthesized) =>
      Object.values(synthesized.templates).flatMap((template) => resourcesOf(template, 'Custom::S3AutoDeleteObjects'));
    const buckets = Object.values(dev.templates).flatMap((template) => resourcesOf(template, 'AWS::S3::Bucket'));
    expect(emptied(dev)).toHaveLength(buckets.length);
    using prod = await synthesize({ environment: 'prod' });
    expect(emptied(prod)).toEqual([]);
  });
});
