import { CfnOutput, Duration } from 'aws-cdk-lib';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { acknowledge } from '../acknowledge.ts';
import { StageFunction } from '../constructs/stage-function.ts';
import { bucketName } from '../environment.ts';
import { CustomerCatalogue } from '../sources/customer-catalogue.ts';
import { CustomerJob, settingsPrefix } from '../sources/customer-job.ts';
import { MySqlDatabase } from '../sources/mysql-database.ts';
import { StageStack, type StageStackProps } from '../stage-stack.ts';
import type { NetworkStack } from './network-stack.ts';
import type { SecurityStack } from './security-stack.ts';
import { prefixes, type StreamStack } from './stream-stack.ts';
import type { WarehouseStack } from './warehouse-stack.ts';

export interface SourcesStackProps extends StageStackProps {
  readonly network: NetworkStack;
  readonly security: SecurityStack;
  readonly stream: StreamStack;
  readonly warehouse: WarehouseStack;
}

/** Reference data in: the chain's MySQL with Glue's job and crawler over it, and the census. */
export class SourcesStack extends StageStack {
  readonly mysql: MySqlDatabase;
  readonly catalogue: CustomerCatalogue;
  readonly customerJob: CustomerJob;
  readonly censusFunction: StageFunction;
  readonly censusSecret: Secret;

  constructor(scope: Construct, props: SourcesStackProps) {
    super(scope, 'Sources', 'MySQL, Glue job and crawler, census', props);
    const { network, security, stream } = props;
    this.mysql = new MySqlDatabase(this, 'MySql', { network, security });
    this.catalogue = new CustomerCatalogue(this, 'Catalogue', {
      network,
      security,
      mysql: this.mysql,
      driverJar: this.node.tryGetContext('mysqlDriverJar'),
    });
    this.customerJob = new CustomerJob(this, 'Customers', {
      network,
      security,
      stream,
      connection: this.catalogue.connection,
      connectionName: this.catalogue.connectionName,
      readerSecret: this.mysql.readerSecret,
      securityConfiguration: this.catalogue.securityConfiguration,
    });
    this.censusSecret = this.#createCensusSecret(security);
    this.censusFunction = this.#createCensusFunction(props);
    this.#createOutputs();
  }

  #createCensusSecret({ secretsKey }: SecurityStack): Secret {
    const secret = new Secret(this, 'CensusKey', {
      secretName: `${this.settings.prefix}/census`,
      description:
        'The key for the Census API; until the owner puts one in, the figures that come with the software are used',
      encryptionKey: secretsKey,
      generateSecretString: { secretStringTemplate: '{"key":""}', generateStringKey: 'placeholder' },
      removalPolicy: this.settings.removalPolicy,
    });
    acknowledge(
      secret,
      'AwsSolutions-SMG4',
      'The Census Bureau gives out this key by mail and has no call to change it; it opens public figures only.',
    );
    return secret;
  }

  #createCensusFunction({ security, stream, warehouse }: SourcesStackProps): StageFunction {
    const census = new StageFunction(this, 'Census', {
      settings: this.settings,
      code: 'census',
      description: 'Brings census figures into the warehouse; newer ones from the Census API when asked',
      logsKey: security.logsKey,
      memoryMegabytes: 1024,
      timeout: Duration.minutes(15),
      variables: {
        SLICEHOUSE_BUCKET: stream.dataBucket.bucketName,
        SLICEHOUSE_CENSUS_SECRET: this.censusSecret.secretArn,
        ...warehouse.variables,
      },
    });
    security.allowSecret(census, 'ReadCensusKey', this.censusSecret.secretArn);
    stream.allowReading(census, 'Curated', [prefixes.curated]);
    stream.allowWriting(census, 'Curated', [prefixes.curated, prefixes.staging]);
    // Without it S3 says of an object that is not there yet that it is forbidden.
    census.allow('MissCurated', ['s3:ListBucket'], [stream.dataBucket.bucketArn]);
    warehouse.allowUse(census, 'slicehouse_writer');
    return census;
  }

  #createOutputs(): void {
    new CfnOutput(this, 'MySqlEndpoint', { value: this.mysql.instance.dbInstanceEndpointAddress });
    new CfnOutput(this, 'MySqlReaderSecret', {
      value: this.mysql.readerSecret.secretName,
      description: 'User and password for CREATE USER … REQUIRE SSL; GRANT SELECT',
    });
    new CfnOutput(this, 'GlueSettings', {
      value: `s3://${bucketName(this, this.settings, 'data')}/${settingsPrefix}`,
      description: 'Put mapping.json here, and the certificates of RDS that its connection.ca names',
    });
  }
}
