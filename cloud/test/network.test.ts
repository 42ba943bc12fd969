import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resourcesOf, type Synthesized, synthesize } from './support/app.ts';

let dev: Synthesized;
beforeAll(async () => {
  dev = await synthesize();
});
afterAll(() => dev?.[Symbol.dispose]());

const network = (type: string) => resourcesOf(dev.templates['Network'], type);

describe('the network', () => {
  it('has three private subnets in three zones', () => {
    const subnets = network('AWS::EC2::Subnet').map(([, { Properties }]) => Properties);
    expect(subnets).toHaveLength(3);
    expect(new Set(subnets.map((subnet) => JSON.stringify(subnet['AvailabilityZone']))).size).toBe(3);
    for (const subnet of subnets) expect(subnet['MapPublicIpOnLaunch']).toBe(false);
  });

  it('takes the zones that the context names', async () => {
    using named = await synthesize({ zones: 'us-east-1a,us-east-1b,us-east-1d' });
    const zones = resourcesOf(named.templates['Network'], 'AWS::EC2::Subnet').map(
      ([, { Properties }]) => Properties['AvailabilityZone'],
    );
    expect(zones).toEqual(['us-east-1a', 'us-east-1b', 'us-east-1d']);
  });

  it('has no way to the internet', () => {
    for (const type of ['AWS::EC2::InternetGateway', 'AWS::EC2::NatGateway', 'AWS::EC2::EIP'])
      expect(network(type)).toEqual([]);
  });

  it('reaches S3 by a gateway endpoint, for buckets and roles of this account alone', () => {
    const gateways = network('AWS::EC2::VPCEndpoint').filter(
      ([, { Properties }]) => Properties['VpcEndpointType'] === 'Gateway',
    );
    expect(gateways).toHaveLength(1);
    const [[, gateway] = ['', undefined]] = gateways;
    expect(gateway?.Properties['PolicyDocument']).toMatchObject({
      Statement: [
        {
          Condition: {
            StringEquals: { 'aws:PrincipalAccount': expect.anything(), 'aws:ResourceAccount': expect.anything() },
          },
        },
      ],
    });
    expect(gateway?.Properties['RouteTableIds']).toHaveLength(3);
  });

  it('has the interface endpoints that something within calls, in one zone for a trial', () => {
    const endpoints = network('AWS::EC2::VPCEndpoint').filter(
      ([, { Properties }]) => Properties['VpcEndpointType'] === 'Interface',
    );
    const services = endpoints.map(([, { Properties }]) => String(Properties['ServiceName']).split('.').at(-1));
    expect(services.sort()).toEqual(['glue', 'kms', 'logs', 'secretsmanager', 'sts']);
    for (const [, { Properties }] of endpoints) expect(Properties['SubnetIds']).toHaveLength(1);
  });

  it('lets nothing in from addresses, only from groups', () => {
    const inline = network('AWS::EC2::SecurityGroup').flatMap(
      ([, { Properties }]) => Properties['SecurityGroupIngress'] ?? [],
    );
    expect(inline).toEqual([]);
    const rules = network('AWS::EC2::SecurityGroupIngress');
    expect(rules.length).toBeGreaterThan(0);
    for (const [id, { Properties }] of rules) {
      expect(Properties, id).not.toHaveProperty('CidrIp');
      expect(Properties, id).toHaveProperty('SourceSecurityGroupId');
    }
  });

  it('logs every flow', () => {
    const [[, flows] = ['', undefined]] = network('AWS::EC2::FlowLog');
    expect(flows?.Properties).toMatchObject({ TrafficType: 'ALL', LogDestinationType: 'cloud-watch-logs' });
  });
});
