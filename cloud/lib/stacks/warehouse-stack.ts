import { CfnOutput, CustomResource, Duration } from 'aws-cdk-lib';
import { Policy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { CfnNamespace, CfnWorkgroup } from 'aws-cdk-lib/aws-redshiftserverless';
import type { Construct } from 'constructs';
import { acknowledgeWildcards } from '../acknowledge.ts';
import { allowDataApi, allowStatements, type DatabaseRole } from '../constructs/data-api-access.ts';
import { RedshiftCalls } from '../constructs/redshift-calls.ts';
import { StageFunction } from '../constructs/stage-function.ts';
import { digestOfMigrations } from '../migrations.ts';
import { StageStack, type StageStackProps } from '../stage-stack.ts';
import type { NetworkStack } from './network-stack.ts';
import type { SecurityStack } from './security-stack.ts';
import { prefixes, type StreamStack } from './stream-stack.ts';

export interface WarehouseStackProps extends StageStackProps {
  readonly network: NetworkStack;
  readonly security: SecurityStack;
  readonly stream: StreamStack;
}

const databaseName = 'slicehouse';
const adminName = 'slicehouse_admin';

/** Redshift Serverless: private, encrypted, three zones; its schema, and what functions need to use it. */
export class WarehouseStack extends StageStack {
  readonly namespaceName: string;
  readonly workgroupName: string;
  readonly workgroupArn: string;
  readonly databaseName = databaseName;
  /** Reads `staging/` and `curated/` for COPY. */
  readonly copyRole: Role;
  /** What a function finds in its environment to use the warehouse. */
  readonly variables: Readonly<Record<string, string>>;
  readonly migrateFunction: StageFunction;

  constructor(scope: Construct, props: WarehouseStackProps) {
    super(scope, 'Warehouse', 'Redshift Serverless and its schema', props);
    const { prefix } = this.settings;
    this.namespaceName = prefix;
    this.workgroupName = prefix;
    this.copyRole = this.#createCopyRole(props);
    const namespace = this.#createNamespace(props.security);
    const workgroup = this.#createWorkgroup(props.network, namespace);
    this.workgroupArn = workgroup.attrWorkgroupWorkgroupArn;
    this.variables = {
      SLICEHOUSE_WORKGROUP: this.workgroupName,
      SLICEHOUSE_DATABASE: databaseName,
      SLICEHOUSE_COPY_ROLE: this.copyRole.roleArn,
    };
    const calls = new RedshiftCalls(this, 'RedshiftCalls', props.security);
    this.#limitUsage(calls, workgroup);
    this.migrateFunction = this.#createMigrateFunction(props, calls.adminSecretOf(namespace));
    this.#migrate(workgroup);
    new CfnOutput(this, 'WorkgroupName', { value: this.workgroupName });
    new CfnOutput(this, 'DatabaseName', { value: databaseName });
  }

  /** Lets a function use the warehouse by the Data API, with the rights of one database role. */
  allowUse(user: StageFunction, role: DatabaseRole): void {
    allowDataApi(user, this.workgroupArn, role);
  }

  #createCopyRole({ security, stream }: WarehouseStackProps): Role {
    const role = new Role(this, 'CopyRole', {
      roleName: `${this.settings.prefix}-copy`,
      description: 'Redshift reads what it COPYs',
      assumedBy: new ServicePrincipal('redshift-serverless.amazonaws.com'),
    });
    // COPY names the role that the workgroup assumes by this principal.
    role.assumeRolePolicy?.addStatements(
      new PolicyStatement({
        principals: [new ServicePrincipal('redshift.amazonaws.com')],
        actions: ['sts:AssumeRole'],
      }),
    );
    const objects = new PolicyStatement({
      actions: ['s3:GetObject'],
      resources: [prefixes.staging, prefixes.curated].map((prefix) => stream.dataBucket.objectsUnder(prefix)),
    });
    const policy = new Policy(this, 'CopyRights', {
      roles: [role],
      statements: [
        objects,
        new PolicyStatement({
          actions: ['s3:GetBucketLocation', 's3:ListBucket'],
          resources: [stream.dataBucket.bucketArn],
        }),
        new PolicyStatement({ actions: ['kms:Decrypt'], resources: [security.dataKey.keyArn] }),
      ],
    });
    acknowledgeWildcards(
      policy,
      objects,
      'A load names its own folder under staging/, and each refresh one under curated/.',
    );
    return role;
  }

  #createNamespace({ dataKey, logsKey, secretsKey }: SecurityStack): CfnNamespace {
    const kinds = ['userlog', 'connectionlog', 'useractivitylog'];
    // Redshift would make these groups itself, without our key and without an end.
    const logs = kinds.map(
      (kind) =>
        new LogGroup(this, `${kind}Logs`, {
          logGroupName: `/aws/redshift/${this.namespaceName}/${kind}`,
          retention: this.settings.logRetention,
          encryptionKey: logsKey,
          removalPolicy: this.settings.removalPolicy,
        }),
    );
    const namespace = new CfnNamespace(this, 'Namespace', {
      namespaceName: this.namespaceName,
      dbName: databaseName,
      adminUsername: adminName,
      // Redshift makes the password, keeps it in Secrets Manager and turns it over every 30 days.
      manageAdminPassword: true,
      adminPasswordSecretKmsKeyId: secretsKey.keyId,
      kmsKeyId: dataKey.keyId,
      iamRoles: [this.copyRole.roleArn],
      defaultIamRoleArn: this.copyRole.roleArn,
      logExports: kinds,
      ...(this.settings.name === 'prod' && {
        finalSnapshotName: `${this.namespaceName}-final`,
        finalSnapshotRetentionPeriod: 30,
      }),
    });
    namespace.applyRemovalPolicy(this.settings.removalPolicy);
    namespace.node.addDependency(...logs);
    return namespace;
  }

  #createWorkgroup({ privateSubnets, warehouseSecurityGroup }: NetworkStack, namespace: CfnNamespace): CfnWorkgroup {
    const { baseCapacity, maxCapacity } = this.settings.warehouse;
    const workgroup = new CfnWorkgroup(this, 'Workgroup', {
      workgroupName: this.workgroupName,
      namespaceName: this.namespaceName,
      baseCapacity,
      maxCapacity,
      enhancedVpcRouting: true,
      publiclyAccessible: false,
      subnetIds: privateSubnets.map(({ subnetId }) => subnetId),
      securityGroupIds: [warehouseSecurityGroup.securityGroupId],
      configParameters: [
        { parameterKey: 'require_ssl', parameterValue: 'true' },
        { parameterKey: 'enable_user_activity_logging', parameterValue: 'true' },
        { parameterKey: 'max_query_execution_time', parameterValue: '900' },
      ],
    });
    workgroup.applyRemovalPolicy(this.settings.removalPolicy);
    workgroup.node.addDependency(namespace);
    return workgroup;
  }

  #limitUsage(calls: RedshiftCalls, workgroup: CfnWorkgroup): void {
    const { dailyRpuHoursWarn, dailyRpuHoursStop } = this.settings.warehouse;
    calls.limitUsage('UsageWarning', workgroup, { amount: dailyRpuHoursWarn, breachAction: 'emit-metric' });
    if (dailyRpuHoursStop !== undefined)
      calls.limitUsage('UsageStop', workgroup, { amount: dailyRpuHoursStop, breachAction: 'deactivate' });
  }

  /** The only function that comes as the admin: it makes the tables, the database roles and their rights. */
  #createMigrateFunction({ security, stream }: WarehouseStackProps, adminSecretArn: string): StageFunction {
    const migrate = new StageFunction(this, 'Migrate', {
      settings: this.settings,
      code: 'migrate',
      description: 'Brings the schema of the warehouse up to date, at deployment',
      logsKey: security.logsKey,
      memoryMegabytes: 512,
      timeout: Duration.minutes(15),
      variables: {
        SLICEHOUSE_BUCKET: stream.dataBucket.bucketName,
        SLICEHOUSE_DATABASE_SECRET: adminSecretArn,
        ...this.variables,
      },
    });
    // The census figures that come with the software go in by COPY.
    stream.allowReading(migrate, 'Staging', [prefixes.staging]);
    stream.allowWriting(migrate, 'Staging', [prefixes.staging]);
    allowStatements(migrate, this.workgroupArn);
    security.allowSecret(migrate, 'AdminSecret', adminSecretArn);
    return migrate;
  }

  /** Has each deployment that brings a migration wait until the schema is up to date; the function itself answers it. */
  #migrate(workgroup: CfnWorkgroup): void {
    const schema = new CustomResource(this, 'Schema', {
      serviceToken: this.migrateFunction.function.functionArn,
      resourceType: 'Custom::WarehouseSchema',
      serviceTimeout: Duration.minutes(20),
      properties: { migrations: digestOfMigrations() },
    });
    schema.node.addDependency(workgroup, this.migrateFunction);
  }
}
