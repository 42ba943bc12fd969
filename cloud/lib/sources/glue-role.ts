import { Policy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { acknowledgeWildcards } from '../acknowledge.ts';
import type { NetworkStack } from '../stacks/network-stack.ts';
import type { SecurityStack } from '../stacks/security-stack.ts';
import type { StageStack } from '../stage-stack.ts';

export interface GlueRoleProps {
  readonly description: string;
  readonly network: NetworkStack;
  readonly security: SecurityStack;
  readonly connectionName: string;
  /** What it enters MySQL with. */
  readonly readerSecret: ISecret;
}

/**
 * A role of Glue's that may do what every job and crawler over a connection does: read the connection and its
 * secret, work in the private network, write logs. It takes no grants that other constructs think of.
 */
export class GlueRole extends Construct {
  readonly role: Role;
  readonly #stack: StageStack;

  constructor(stack: StageStack, scope: Construct, id: string, props: GlueRoleProps) {
    super(scope, id);
    this.#stack = stack;
    this.role = new Role(this, 'Role', {
      description: props.description,
      assumedBy: new ServicePrincipal('glue.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': stack.account } },
      }),
    });
    const { connectionName, readerSecret, security, network } = props;
    this.allow(
      'Connection',
      ['glue:GetConnection'],
      [this.#arn('glue', 'catalog'), this.#arn('glue', `connection/${connectionName}`)],
    );
    this.allow('Secret', ['secretsmanager:GetSecretValue', 'secretsmanager:DescribeSecret'], [readerSecret.secretArn]);
    this.allowKey('SecretKey', security.secretsKey, ['kms:Decrypt'], 'secretsmanager');
    this.#allowNetwork(network);
    this.allow(
      'Logs',
      ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents', 'logs:AssociateKmsKey'],
      [this.#arn('logs', 'log-group:/aws-glue/*', ':')],
      'Glue names the log groups after the security configuration and the run; all lie under /aws-glue/.',
    );
    this.allow('LogsKey', ['kms:Encrypt', 'kms:GenerateDataKey', 'kms:DescribeKey'], [security.logsKey.keyArn]);
  }

  /** Allows actions on resources, in a policy of its own; wildcards in it need a reason. */
  allow(
    id: string,
    actions: readonly string[],
    resources: readonly string[],
    because?: string,
    conditions?: Readonly<Record<string, unknown>>,
  ): void {
    const statement = new PolicyStatement({
      actions: [...actions],
      resources: [...resources],
      ...(conditions && { conditions }),
    });
    const policy = new Policy(this, id, { roles: [this.role], statements: [statement] });
    if (because) acknowledgeWildcards(policy, statement, because);
  }

  /** Allows a key, but only for what a service does with it. */
  allowKey(id: string, key: IKey, actions: readonly string[], service: 's3' | 'secretsmanager'): void {
    const through = `${service}.${this.#stack.region}.amazonaws.com`;
    this.allow(id, actions, [key.keyArn], undefined, { StringEquals: { 'kms:ViaService': through } });
  }

  /** Glue puts a network interface into the private network for each worker, and takes it away again. */
  #allowNetwork({ vpc, privateSubnets, glueSecurityGroup }: NetworkStack): void {
    this.allow(
      'LookAtNetwork',
      [
        'ec2:DescribeNetworkInterfaces',
        'ec2:DescribeRouteTables',
        'ec2:DescribeSecurityGroups',
        'ec2:DescribeSubnets',
        'ec2:DescribeVpcAttribute',
        'ec2:DescribeVpcEndpoints',
      ],
      ['*'],
      'EC2 has no resources to name for these actions; they only read, and the policy holds nothing else.',
    );
    const subnets = privateSubnets.map(({ subnetId }) => this.#arn('ec2', `subnet/${subnetId}`));
    this.allow(
      'MakeInterface',
      ['ec2:CreateNetworkInterface'],
      [...subnets, this.#arn('ec2', `security-group/${glueSecurityGroup.securityGroupId}`)],
    );
    const interfaces = this.#arn('ec2', 'network-interface/*');
    const because = 'EC2 chooses the ids of the interfaces; the condition leaves those of this network.';
    const inVpc = { ArnEquals: { 'ec2:Vpc': this.#arn('ec2', `vpc/${vpc.vpcId}`) } };
    this.allow(
      'MadeInterface',
      ['ec2:CreateNetworkInterface'],
      [interfaces],
      'EC2 chooses the id of the new interface; subnet and security group are named in another policy.',
    );
    this.allow('RemoveInterface', ['ec2:DeleteNetworkInterface'], [interfaces], because, inVpc);
    this.allow(
      'TagInterface',
      ['ec2:CreateTags'],
      [interfaces],
      'EC2 chooses the ids of the interfaces; the condition leaves only the tag that Glue puts on its own.',
      {
        'ForAllValues:StringEquals': { 'aws:TagKeys': ['aws-glue-service-resource'] },
      },
    );
  }

  #arn(service: string, rest: string, separator = ':'): string {
    const { partition, region, account } = this.#stack;
    return `arn:${partition}:${service}:${region}:${account}${separator}${rest}`;
  }
}
