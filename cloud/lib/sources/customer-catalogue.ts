import {
  CfnCrawler,
  CloudWatchEncryption,
  Connection,
  ConnectionNetwork,
  ConnectionType,
  Database,
  JobBookmarksEncryption,
  S3Encryption,
  SecurityConfiguration,
} from 'aws-cdk-lib/aws-glue';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { Construct } from 'constructs';
import type { NetworkStack } from '../stacks/network-stack.ts';
import type { SecurityStack } from '../stacks/security-stack.ts';
import type { StageStack } from '../stage-stack.ts';
import { GlueRole } from './glue-role.ts';
import { type MySqlDatabase, mysqlNames } from './mysql-database.ts';

export interface CustomerCatalogueProps {
  readonly network: NetworkStack;
  readonly security: SecurityStack;
  readonly mysql: MySqlDatabase;
  /** Path of a MySQL Connector/J of version 8 or 9, for the crawler; its own driver is too old for MySQL 8. */
  readonly driverJar: string | undefined;
}

/** The way from Glue to MySQL, and the catalogue of what the crawler finds there. */
export class CustomerCatalogue extends Construct {
  readonly connection: Connection;
  readonly connectionName: string;
  readonly securityConfiguration: SecurityConfiguration;
  readonly crawlerName: string;

  constructor(stack: StageStack, id: string, props: CustomerCatalogueProps) {
    super(stack, id);
    const { prefix, removalPolicy } = stack.settings;
    const { security, driverJar } = props;
    this.connectionName = `${prefix}-mysql`;
    this.crawlerName = `${prefix}-mysql`;
    this.securityConfiguration = new SecurityConfiguration(this, 'Encryption', {
      securityConfigurationName: prefix,
      cloudWatchEncryption: CloudWatchEncryption.kms(security.logsKey),
      jobBookmarksEncryption: JobBookmarksEncryption.clientSideKms(security.dataKey),
      s3Encryption: S3Encryption.kms(security.dataKey),
      removalPolicy,
    });
    const driver = driverJar === undefined ? undefined : new Asset(this, 'Driver', { path: driverJar });
    this.connection = this.#createConnection(props, driver);
    this.#createCrawler(stack, props, driver);
  }

  #createConnection({ network, mysql }: CustomerCatalogueProps, driver: Asset | undefined): Connection {
    const [subnet] = network.privateSubnets;
    if (!subnet) throw new Error('The network has no private subnet.');
    const { instance, readerSecret } = mysql;
    return new Connection(this, 'Connection', {
      connectionName: this.connectionName,
      description: 'MySQL of the chain, over TLS, as the account that can only read',
      type: ConnectionType.JDBC,
      network: ConnectionNetwork.subnet(subnet),
      securityGroups: [network.glueSecurityGroup],
      secret: readerSecret,
      properties: {
        JDBC_CONNECTION_URL: `jdbc:mysql://${instance.dbInstanceEndpointAddress}:${mysqlNames.port}/${mysqlNames.database}`,
        JDBC_ENFORCE_SSL: 'true',
        ...(driver && {
          JDBC_DRIVER_JAR_URI: driver.s3ObjectUrl,
          JDBC_DRIVER_CLASS_NAME: 'com.mysql.cj.jdbc.Driver',
        }),
      },
    });
  }

  #createCrawler(stack: StageStack, props: CustomerCatalogueProps, driver: Asset | undefined): void {
    const { account, region, partition } = stack;
    const databaseName = `${stack.settings.prefix.replace('-', '_')}_mysql`;
    const database = new Database(this, 'Database', {
      databaseName,
      description: 'Tables of the chain as the crawler found them in MySQL',
      removalPolicy: stack.settings.removalPolicy,
    });
    const role = new GlueRole(stack, this, 'CrawlerRights', {
      ...props,
      connectionName: this.connectionName,
      readerSecret: props.mysql.readerSecret,
      description: 'The Glue crawler over MySQL',
    });
    const arn = (rest: string): string => `arn:${partition}:glue:${region}:${account}:${rest}`;
    role.allow(
      'Catalogue',
      ['glue:GetDatabase', 'glue:GetTable', 'glue:GetTables', 'glue:CreateTable', 'glue:UpdateTable'],
      [arn('catalog'), arn(`database/${databaseName}`), arn(`table/${databaseName}/*`)],
      'The crawler finds out which tables there are; all of them lie in this database of the catalogue.',
    );
    if (driver) role.allow('ReadDriver', ['s3:GetObject'], [`${driver.bucket.bucketArn}/${driver.s3ObjectKey}`]);
    const crawler = new CfnCrawler(this, 'Crawler', {
      name: this.crawlerName,
      description: 'Which tables and columns MySQL has, every Sunday; the refresh does not wait for it',
      role: role.role.roleArn,
      databaseName,
      targets: { jdbcTargets: [{ connectionName: this.connectionName, path: `${mysqlNames.database}/%` }] },
      schedule: { scheduleExpression: 'cron(0 9 ? * SUN *)' },
      schemaChangePolicy: { updateBehavior: 'UPDATE_IN_DATABASE', deleteBehavior: 'LOG' },
      recrawlPolicy: { recrawlBehavior: 'CRAWL_EVERYTHING' },
      crawlerSecurityConfiguration: this.securityConfiguration.securityConfigurationName,
    });
    crawler.node.addDependency(database, this.connection, role);
  }
}
