import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Resource, resourcesOf, type Synthesized, statementsOf, synthesize } from './support/app.ts';

let dev: Synthesized;
beforeAll(async () => {
  dev = await synthesize();
});
afterAll(() => dev?.[Symbol.dispose]());

const warehouse = (type: string) => resourcesOf(dev.templates['Warehouse'], type);
const only = (found: [string, Resource][]): Resource['Properties'] => {
  expect(found).toHaveLength(1);
  return found[0]?.[1].Properties ?? {};
};

describe('the workgroup', () => {
  it('is private, in three subnets, begins with 8 RPU and takes TLS alone', () => {
    const workgroup = only(warehouse('AWS::RedshiftServerless::Workgroup'));
    expect(workgroup).toMatchObject({
      BaseCapacity: 8,
      PubliclyAccessible: false,
      EnhancedVpcRouting: true,
      ConfigParameters: expect.arrayContaining([{ ParameterKey: 'require_ssl', ParameterValue: 'true' }]),
    });
    expect(workgroup['SubnetIds']).toHaveLength(3);
    expect(Number(workgroup['MaxCapacity'])).toBeGreaterThanOrEqual(8);
  });

  it('has a daily limit of use that warns, and in a trial one that stops', () => {
    const limits = ['Custom::RedshiftUsageWarning', 'Custom::RedshiftUsageStop'].map((type) =>
      JSON.stringify(only(warehouse(type))['Create']),
    );
    expect(limits[0]).toMatch(/amount\\":16.*emit-metric/);
    expect(limits[1]).toMatch(/amount\\":48.*deactivate/);
  });
});

describe('the namespace', () => {
  it('is encrypted with our key, writes audit logs, and has its password kept and turned over by Redshift', () => {
    expect(only(warehouse('AWS::RedshiftServerless::Namespace'))).toMatchObject({
      KmsKeyId: expect.anything(),
      ManageAdminPassword: true,
      AdminPasswordSecretKmsKeyId: expect.anything(),
      LogExports: ['userlog', 'connectionlog', 'useractivitylog'],
      DbName: 'slicehouse',
    });
    expect(only(warehouse('AWS::RedshiftServerless::Namespace'))).not.toHaveProperty('AdminUserPassword');
  });

  it('finds its log groups there, with an end and a key', () => {
    const names = warehouse('AWS::Logs::LogGroup').map(([, { Properties }]) => Properties['LogGroupName']);
    expect(names).toEqual(
      expect.arrayContaining(
        ['userlog', 'connectionlog', 'useractivitylog'].map((kind) => `/aws/redshift/slicehouse-dev/${kind}`),
      ),
    );
  });
});

describe('COPY', () => {
  it('reads staging/ and curated/ alone', () => {
    const [, statement] = Object.entries(statementsOf(dev.templates['Warehouse'])).find(
      ([
        ,
        {
          policy,
          statement: { Action },
        },
      ]) => policy.startsWith('CopyRights') && Action === 's3:GetObject',
    ) ?? ['', undefined];
    expect(
      JSON.stringify(statement?.statement.Resource)
        .match(/[a-z]+\/\*/g)
        ?.sort(),
    ).toEqual(['curated/*', 'staging/*']);
  });
});

describe('the schema', () => {
  it('is brought up to date after the workgroup is there, and again when a migration comes', () => {
    const [schema] = warehouse('Custom::WarehouseSchema');
    expect(schema?.[1].Properties['migrations']).toMatch(/^[0-9a-f]{64}$/);
    expect([schema?.[1].DependsOn].flat()).toContain('Workgroup');
  });

  it('is changed by one function, the only one that reads the admin secret', () => {
    const readers = Object.entries(dev.templates).flatMap(([stage, template]) =>
      resourcesOf(template, 'AWS::Lambda::Function')
        .filter(([, { Properties }]) => JSON.stringify(Properties).includes('SLICEHOUSE_DATABASE_SECRET'))
        .map(([id]) => `${stage}/${id.replace(/[0-9A-F]{8}$/, '')}`),
    );
    expect(readers).toEqual(['Warehouse/MigrateFunction']);
  });

  it('lets every other function see no statements but its own', () => {
    const followers = Object.values(dev.templates)
      .flatMap(statementsOf)
      .filter(({ statement }) => [statement.Action].flat().includes('redshift-data:GetStatementResult'));
    expect(followers.length).toBeGreaterThan(2);
    for (const { policy, statement } of followers)
      expect(statement.Condition, policy).toEqual({
        // biome-ignore lint/suspicious/noTemplateCurlyInString: IAM's own variable
        StringEquals: { 'redshift-data:statement-owner-iam-userid': '${aws:userid}' },
      });
  });
});
