import { Duration } from 'aws-cdk-lib';
import { InstanceType } from 'aws-cdk-lib/aws-ec2';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import {
  Credentials,
  DatabaseInstance,
  DatabaseInstanceEngine,
  MysqlEngineVersion,
  ParameterGroup,
  StorageType,
  SubnetGroup,
} from 'aws-cdk-lib/aws-rds';
import { HostedRotation, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { acknowledge } from '../acknowledge.ts';
import type { NetworkStack } from '../stacks/network-stack.ts';
import type { SecurityStack } from '../stacks/security-stack.ts';
import type { StageStack } from '../stage-stack.ts';

export interface MySqlDatabaseProps {
  readonly network: NetworkStack;
  readonly security: SecurityStack;
}

export const mysqlNames = { database: 'chain', reader: 'slicehouse', port: 3306 } as const;

const exportedLogs = ['error', 'slowquery'] as const;
const engine = DatabaseInstanceEngine.mysql({ version: MysqlEngineVersion.VER_8_4_10 });

/**
 * The chain's MySQL 8.4: private, encrypted, TLS or nothing. RDS keeps the master's password and turns it over every
 * week; the reader, who can only SELECT, has a secret of its own that is turned over every month.
 */
export class MySqlDatabase extends Construct {
  readonly instance: DatabaseInstance;
  /** User and password of the account that reads for the reports. */
  readonly readerSecret: Secret;

  constructor(scope: StageStack, id: string, props: MySqlDatabaseProps) {
    super(scope, id);
    const { vpc, privateSubnets, rotationSecurityGroup } = props.network;
    this.instance = this.#createInstance(scope, props);
    this.readerSecret = this.#createReaderSecret(scope, props);
    this.readerSecret.addRotationSchedule('Rotation', {
      automaticallyAfter: Duration.days(30),
      // The account is made by hand after the first deployment; until then there is nothing to turn over.
      rotateImmediatelyOnUpdate: false,
      hostedRotation: HostedRotation.mysqlSingleUser({
        functionName: `${scope.settings.prefix}-mysql-rotation`,
        vpc,
        vpcSubnets: { subnets: [...privateSubnets] },
        securityGroups: [rotationSecurityGroup],
      }),
    });
  }

  #createInstance({ settings }: StageStack, { network, security }: MySqlDatabaseProps): DatabaseInstance {
    const { mysql, removalPolicy, prefix } = settings;
    const { vpc, privateSubnets, mysqlSecurityGroup } = network;
    const instance = new DatabaseInstance(this, 'Instance', {
      instanceIdentifier: `${prefix}-mysql`,
      engine,
      instanceType: new InstanceType(mysql.instanceType),
      vpc,
      subnetGroup: new SubnetGroup(this, 'Subnets', {
        vpc,
        vpcSubnets: { subnets: [...privateSubnets] },
        description: 'Private subnets of MySQL',
        removalPolicy,
      }),
      securityGroups: [mysqlSecurityGroup],
      parameterGroup: this.#createParameters(removalPolicy),
      databaseName: mysqlNames.database,
      port: mysqlNames.port,
      credentials: Credentials.fromUsername('keeper', { encryptionKey: security.secretsKey }),
      manageMasterUserPassword: true,
      iamAuthentication: true,
      publiclyAccessible: false,
      multiAz: mysql.multiZone,
      storageType: StorageType.GP3,
      allocatedStorage: mysql.storageGigabytes,
      maxAllocatedStorage: mysql.storageGigabytes * 5,
      storageEncrypted: true,
      storageEncryptionKey: security.dataKey,
      backupRetention: mysql.backupRetention,
      preferredBackupWindow: '08:00-09:00',
      copyTagsToSnapshot: true,
      autoMinorVersionUpgrade: true,
      deletionProtection: mysql.deletionProtection,
      cloudwatchLogsExports: [...exportedLogs],
      removalPolicy,
    });
    instance.node.addDependency(...this.#createLogGroups(settings, security.logsKey));
    acknowledge(
      instance,
      'AwsSolutions-RDS11',
      'The port is open to two security groups of a network that has no way in or out; another number would hide nothing and surprise every client.',
    );
    this.#acknowledgeTrial(instance, mysql);
    return instance;
  }

  /** RDS writes to groups that are there already; those it makes itself have neither our key nor an end. */
  #createLogGroups({ prefix, logRetention, removalPolicy }: StageStack['settings'], logsKey: IKey): LogGroup[] {
    return exportedLogs.map(
      (log) =>
        new LogGroup(this, `${log}Log`, {
          logGroupName: `/aws/rds/instance/${prefix}-mysql/${log}`,
          retention: logRetention,
          encryptionKey: logsKey,
          removalPolicy,
        }),
    );
  }

  #createParameters(removalPolicy: StageStack['settings']['removalPolicy']): ParameterGroup {
    return new ParameterGroup(this, 'Parameters', {
      engine,
      description: 'TLS alone; times are UTC; slow statements are said',
      parameters: {
        require_secure_transport: 'ON',
        tls_version: 'TLSv1.2,TLSv1.3',
        time_zone: 'UTC',
        slow_query_log: '1',
        long_query_time: '2',
        log_output: 'FILE',
      },
      removalPolicy,
    });
  }

  #acknowledgeTrial(
    instance: DatabaseInstance,
    { multiZone, deletionProtection }: StageStack['settings']['mysql'],
  ): void {
    if (!multiZone)
      acknowledge(
        instance,
        'AwsSolutions-RDS3',
        'A trial environment: it reads again what it misses, and the second zone doubles the price. prod has both.',
      );
    if (!deletionProtection)
      acknowledge(
        instance,
        'AwsSolutions-RDS10',
        'A trial environment is to be torn down whole by "cdk destroy --all"; its data can be made again. prod is protected.',
      );
  }

  #createReaderSecret({ settings }: StageStack, { security }: MySqlDatabaseProps): Secret {
    return new Secret(this, 'Reader', {
      secretName: `${settings.prefix}/mysql-reader`,
      description: 'The account that the Glue job and crawler read MySQL with; it can only SELECT',
      encryptionKey: security.secretsKey,
      generateSecretString: {
        secretStringTemplate: JSON.stringify({
          engine: 'mysql',
          username: mysqlNames.reader,
          dbname: mysqlNames.database,
          port: mysqlNames.port,
          host: this.instance.dbInstanceEndpointAddress,
        }),
        generateStringKey: 'password',
        excludePunctuation: true,
        passwordLength: 40,
      },
      removalPolicy: settings.removalPolicy,
    });
  }
}
