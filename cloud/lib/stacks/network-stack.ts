import {
  FlowLogDestination,
  FlowLogMaxAggregationInterval,
  FlowLogTrafficType,
  GatewayVpcEndpoint,
  GatewayVpcEndpointAwsService,
  InterfaceVpcEndpointAwsService,
  IpAddresses,
  type ISubnet,
  Peer,
  Port,
  SecurityGroup,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import { PolicyStatement, StarPrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { StageStack, type StageStackProps } from '../stage-stack.ts';
import type { SecurityStack } from './security-stack.ts';

export interface NetworkStackProps extends StageStackProps {
  readonly security: SecurityStack;
}

/** AWS services that the Glue job and the rotation of MySQL's secret call from within the network. */
const calledFromWithin = {
  Glue: InterfaceVpcEndpointAwsService.GLUE,
  Kms: InterfaceVpcEndpointAwsService.KMS,
  Logs: InterfaceVpcEndpointAwsService.CLOUDWATCH_LOGS,
  SecretsManager: InterfaceVpcEndpointAwsService.SECRETS_MANAGER,
  Sts: InterfaceVpcEndpointAwsService.STS,
} as const;

/**
 * The private network of what has to have one: the warehouse, MySQL and the Glue job. There is no way to the
 * internet, in or out. Functions stay outside: the Data API, Firehose and the Census Bureau are reached without it.
 */
export class NetworkStack extends StageStack {
  readonly vpc: Vpc;
  /** One in each of three zones. */
  readonly privateSubnets: readonly ISubnet[];
  readonly warehouseSecurityGroup: SecurityGroup;
  readonly mysqlSecurityGroup: SecurityGroup;
  /** For the Glue connection, crawler and job. */
  readonly glueSecurityGroup: SecurityGroup;
  /** For the function that turns over MySQL's secret. */
  readonly rotationSecurityGroup: SecurityGroup;

  constructor(scope: Construct, props: NetworkStackProps) {
    super(scope, 'Network', 'private network of warehouse, MySQL and Glue', props);
    this.vpc = new Vpc(this, 'Vpc', {
      vpcName: this.settings.prefix,
      ipAddresses: IpAddresses.cidr('10.40.0.0/16'),
      availabilityZones: this.availabilityZones,
      natGateways: 0,
      subnetConfiguration: [{ name: 'private', subnetType: SubnetType.PRIVATE_ISOLATED, cidrMask: 20 }],
    });
    this.privateSubnets = this.vpc.isolatedSubnets;
    this.#logFlows(props.security);
    this.warehouseSecurityGroup = this.#createGroup('Warehouse', 'Redshift: S3 out, nothing in');
    this.mysqlSecurityGroup = this.#createGroup('MySql', 'MySQL: 3306 in');
    this.glueSecurityGroup = this.#createGroup('Glue', 'Glue job, crawler and connection');
    this.rotationSecurityGroup = this.#createGroup('Rotation', 'Rotation of the secret of MySQL');
    this.#connectGroups();
    this.#reachS3();
    this.#reachServices();
  }

  #logFlows({ logsKey }: SecurityStack): void {
    const logGroup = new LogGroup(this, 'FlowLogs', {
      logGroupName: `/slicehouse/${this.settings.name}/network/flows`,
      retention: this.settings.logRetention,
      encryptionKey: logsKey,
      removalPolicy: this.settings.removalPolicy,
    });
    this.vpc.addFlowLog('Flows', {
      trafficType: FlowLogTrafficType.ALL,
      destination: FlowLogDestination.toCloudWatchLogs(logGroup),
      maxAggregationInterval: FlowLogMaxAggregationInterval.TEN_MINUTES,
    });
  }

  #createGroup(id: string, description: string): SecurityGroup {
    return new SecurityGroup(this, `${id}SecurityGroup`, { vpc: this.vpc, description, allowAllOutbound: false });
  }

  #connectGroups(): void {
    const mysql = Port.tcp(3306);
    for (const client of [this.glueSecurityGroup, this.rotationSecurityGroup]) {
      this.mysqlSecurityGroup.addIngressRule(client, mysql, 'MySQL clients');
      client.addEgressRule(this.mysqlSecurityGroup, mysql, 'MySQL');
    }
    // Glue refuses a connection whose group does not let the workers of a job talk to each other.
    this.glueSecurityGroup.addIngressRule(this.glueSecurityGroup, Port.allTcp(), 'Workers of a job');
    this.glueSecurityGroup.addEgressRule(this.glueSecurityGroup, Port.allTcp(), 'Workers of a job');
    // No route leads to the internet: 443 to anywhere is S3 through its gateway, and nothing else.
    for (const client of [this.warehouseSecurityGroup, this.glueSecurityGroup])
      client.addEgressRule(Peer.anyIpv4(), Port.tcp(443), 'S3 by its gateway endpoint');
  }

  #reachS3(): void {
    const endpoint = new GatewayVpcEndpoint(this, 'S3Endpoint', {
      vpc: this.vpc,
      service: GatewayVpcEndpointAwsService.S3,
    });
    endpoint.addToPolicy(
      new PolicyStatement({
        sid: 'OwnBucketsByOwnRoles',
        principals: [new StarPrincipal()],
        actions: ['s3:*'],
        resources: ['*'],
        conditions: {
          StringEquals: { 'aws:PrincipalAccount': this.account, 'aws:ResourceAccount': this.account },
        },
      }),
    );
  }

  #reachServices(): void {
    const group = this.#createGroup('Endpoints', 'Endpoints of AWS services: 443 in');
    for (const client of [this.glueSecurityGroup, this.rotationSecurityGroup]) {
      group.addIngressRule(client, Port.tcp(443), 'AWS services');
      client.addEgressRule(group, Port.tcp(443), 'AWS services');
    }
    for (const [id, service] of Object.entries(calledFromWithin))
      this.vpc.addInterfaceEndpoint(`${id}Endpoint`, {
        service,
        subnets: { subnets: this.privateSubnets.slice(0, this.settings.endpointZones) },
        securityGroups: [group],
        open: false,
        privateDnsEnabled: true,
      });
  }
}
