import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Resource, resourcesOf, type Synthesized, statementsOf, synthesize } from './support/app.ts';

let dev: Synthesized;
let prod: Synthesized;
beforeAll(async () => {
  dev = await synthesize();
  prod = await synthesize({ environment: 'prod', refreshZone: 'America/Chicago' });
});
afterAll(() => {
  dev?.[Symbol.dispose]();
  prod?.[Symbol.dispose]();
});

const only = (type: string, from = dev): Resource => {
  const found = resourcesOf(from.templates['Sources'], type);
  expect(found).toHaveLength(1);
  return found[0]?.[1] as Resource;
};

describe('MySQL', () => {
  it('is 8.4, private, encrypted with our key, backed up, and speaks TLS or nothing', () => {
    expect(only('AWS::RDS::DBInstance').Properties).toMatchObject({
      Engine: 'mysql',
      EngineVersion: expect.stringMatching(/^8\.4\./),
      PubliclyAccessible: false,
      StorageEncrypted: true,
      KmsKeyId: { 'Fn::ImportValue': expect.stringContaining('DataKey') },
      EnableIAMDatabaseAuthentication: true,
      BackupRetentionPeriod: 1,
      EnableCloudwatchLogsExports: ['error', 'slowquery'],
      VPCSecurityGroups: [{ 'Fn::ImportValue': expect.stringContaining('MySqlSecurityGroup') }],
    });
    expect(only('AWS::RDS::DBParameterGroup').Properties['Parameters']).toMatchObject({
      require_secure_transport: 'ON',
      tls_version: 'TLSv1.2,TLSv1.3',
    });
  });

  it('is kept in production: two zones, protected, two weeks of backups', () => {
    const { Properties, DeletionPolicy } = only('AWS::RDS::DBInstance', prod);
    expect(Properties).toMatchObject({ MultiAZ: true, DeletionProtection: true, BackupRetentionPeriod: 14 });
    expect(DeletionPolicy).toBe('Retain');
    expect(only('AWS::RDS::DBInstance').DeletionPolicy).toBe('Delete');
  });

  it('has passwords that nobody writes down and that are turned over', () => {
    expect(only('AWS::RDS::DBInstance').Properties).toMatchObject({
      ManageMasterUserPassword: true,
      MasterUserSecret: { KmsKeyId: { 'Fn::ImportValue': expect.stringContaining('SecretsKey') } },
    });
    expect(only('AWS::RDS::DBInstance').Properties).not.toHaveProperty('MasterUserPassword');
    expect(only('AWS::SecretsManager::RotationSchedule').Properties).toMatchObject({
      RotationRules: { ScheduleExpression: 'rate(30 days)' },
      HostedRotationLambda: {
        RotationType: 'MySQLSingleUser',
        VpcSecurityGroupIds: { 'Fn::ImportValue': expect.stringContaining('RotationSecurityGroup') },
      },
    });
  });
});

describe('Glue', () => {
  it('reads with Spark of Glue 5.0 on two small workers, over the connection, encrypted', () => {
    expect(only('AWS::Glue::Job').Properties).toMatchObject({
      Command: { Name: 'glueetl', PythonVersion: '3' },
      GlueVersion: '5.0',
      WorkerType: 'G.1X',
      NumberOfWorkers: 2,
      MaxRetries: 0,
      ExecutionProperty: { MaxConcurrentRuns: 1 },
      Connections: { Connections: [{ Ref: expect.stringMatching(/^CatalogueConnection/) }] },
      SecurityConfiguration: { Ref: expect.stringMatching(/^CatalogueEncryption/) },
    });
  });

  it('gives the script the arguments that it asks for', () => {
    const given = only('AWS::Glue::Job').Properties['DefaultArguments'] as Record<string, unknown>;
    expect(Object.keys(given)).toEqual(
      expect.arrayContaining(['--output', '--secret', '--zip_codes', '--mapping', '--extra-py-files']),
    );
    expect(JSON.stringify(given['--output'])).toMatch(/\/curated\/"/);
  });

  it('encrypts what it writes, its logs and its bookmarks with our keys', () => {
    const { EncryptionConfiguration } = only('AWS::Glue::SecurityConfiguration').Properties;
    expect(EncryptionConfiguration).toMatchObject({
      S3Encryptions: [{ S3EncryptionMode: 'SSE-KMS' }],
      CloudWatchEncryption: { CloudWatchEncryptionMode: 'SSE-KMS' },
      JobBookmarksEncryption: { JobBookmarksEncryptionMode: 'CSE-KMS' },
    });
  });

  it('connects by TLS from a private subnet, with a secret in place of a password', () => {
    const { ConnectionInput } = only('AWS::Glue::Connection').Properties;
    expect(ConnectionInput).toMatchObject({
      ConnectionType: 'JDBC',
      ConnectionProperties: { JDBC_ENFORCE_SSL: 'true', SECRET_ID: { Ref: expect.stringMatching(/^MySqlReader/) } },
      PhysicalConnectionRequirements: {
        SubnetId: { 'Fn::ImportValue': expect.stringContaining('privateSubnet1') },
        SecurityGroupIdList: [{ 'Fn::ImportValue': expect.stringContaining('GlueSecurityGroup') }],
      },
    });
    expect(JSON.stringify(ConnectionInput)).not.toMatch(/"PASSWORD"/);
  });

  it('crawls all tables of the database into a database of the catalogue', () => {
    expect(only('AWS::Glue::Crawler').Properties).toMatchObject({
      DatabaseName: 'slicehouse_dev_mysql',
      Targets: { JdbcTargets: [{ ConnectionName: 'slicehouse-dev-mysql', Path: 'chain/%' }] },
      CrawlerSecurityConfiguration: { Ref: expect.stringMatching(/^CatalogueEncryption/) },
    });
    const database = only('AWS::Glue::Database').Properties['DatabaseInput'];
    expect(database).toMatchObject({ Name: 'slicehouse_dev_mysql' });
  });

  it('brings a driver for the crawler when the owner has one', async () => {
    const driverJar = new URL('../package.json', import.meta.url).pathname;
    using withDriver = await synthesize({ mysqlDriverJar: driverJar });
    expect(withDriver.findings).toEqual([]);
    expect(only('AWS::Glue::Connection', withDriver).Properties['ConnectionInput']).toMatchObject({
      ConnectionProperties: {
        JDBC_DRIVER_CLASS_NAME: 'com.mysql.cj.jdbc.Driver',
        JDBC_DRIVER_JAR_URI: expect.anything(),
      },
    });
  });

  it('lets the job write below curated/ and the marker of that folder alone, and the crawler nowhere', () => {
    const writes = statementsOf(dev.templates['Sources']).filter(
      ({ policy, statement }) => !policy.startsWith('Census') && [statement.Action].flat().includes('s3:PutObject'),
    );
    expect(writes.map(({ policy }) => policy)).toEqual([
      expect.stringMatching(/^CustomersRightsCurate/),
      expect.stringMatching(/^CustomersRightsMarkFolder/),
    ]);
    expect(JSON.stringify(writes[0]?.statement.Resource)).toMatch(/\/curated\/\*"/);
    expect(JSON.stringify(writes[1]?.statement.Resource)).toMatch(/\/curated_\$folder\$"/);
  });
});

describe('the census function', () => {
  it('has the key of the Census API from a secret', () => {
    const [census] = resourcesOf(dev.templates['Sources'], 'AWS::Lambda::Function').filter(
      ([, { Properties }]) => Properties['FunctionName'] === 'slicehouse-dev-census',
    );
    expect(census?.[1].Properties).toMatchObject({
      Timeout: 900,
      Environment: { Variables: { SLICEHOUSE_CENSUS_SECRET: { Ref: expect.stringMatching(/^CensusKey/) } } },
    });
  });
});
