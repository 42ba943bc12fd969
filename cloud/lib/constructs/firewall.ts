import { ArnFormat, Stack } from 'aws-cdk-lib';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { CfnLoggingConfiguration, CfnWebACL } from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';
import type { SecurityStack } from '../stacks/security-stack.ts';
import type { StageStack } from '../stage-stack.ts';

export interface FirewallProps {
  /** Name of what it stands before. */
  readonly purpose: string;
  readonly scope: 'REGIONAL' | 'CLOUDFRONT';
  readonly security: Pick<SecurityStack, 'logsKey'>;
  /** Whether requests carry keys, each of which then has a limit of its own besides that of its address. */
  readonly countsKeys: boolean;
}

/** Rules of AWS's groups that only count: orders come in bodies far above 8 KB, and menus have words like `<3 & more`. */
const counted: Readonly<Record<string, readonly string[]>> = {
  AWSManagedRulesCommonRuleSet: [
    'SizeRestrictions_BODY',
    'CrossSiteScripting_BODY',
    'GenericRFI_BODY',
    'GenericLFI_BODY',
  ],
};
const managedGroups = [
  'AWSManagedRulesAmazonIpReputationList',
  'AWSManagedRulesKnownBadInputsRuleSet',
  'AWSManagedRulesCommonRuleSet',
] as const;

const tooMany = JSON.stringify({
  type: '/docs/errors#rate_limited',
  title: 'Too many requests',
  status: 429,
  code: 'rate_limited',
  detail: 'More requests in five minutes than one caller may make. Send many orders in one request, or wait.',
});

/** A web ACL: limits by address and by key, AWS's managed rules, and a log that leaves keys out. */
export class Firewall extends Construct {
  readonly acl: CfnWebACL;
  /** Name in CloudWatch's dimensions. */
  readonly aclName: string;

  constructor(stack: StageStack, id: string, props: FirewallProps) {
    super(stack, id);
    const { settings } = stack;
    this.aclName = `${settings.prefix}-${props.purpose}`;
    const keyLimit = limitRule('KeyLimit', settings.requests.perAddress, 'key');
    this.acl = new CfnWebACL(this, 'Acl', {
      name: this.aclName,
      scope: props.scope,
      defaultAction: { allow: {} },
      visibilityConfig: visibility(this.aclName),
      customResponseBodies: { tooMany: { contentType: 'APPLICATION_JSON', content: tooMany } },
      rules: [
        ...addressLimits(props.scope, settings.requests.perAddress),
        ...(props.countsKeys ? [keyLimit] : []),
        ...managedGroups.map(managedRule),
      ].map((rule, priority) => ({ ...rule, priority })),
    });
    this.#log(stack, props);
  }

  #log({ settings }: StageStack, { purpose, security }: FirewallProps): void {
    const logGroup = new LogGroup(this, 'Logs', {
      // WAF takes no other beginning of the name.
      logGroupName: `aws-waf-logs-${settings.prefix}-${purpose}`,
      retention: settings.logRetention,
      encryptionKey: security.logsKey,
      removalPolicy: settings.removalPolicy,
    });
    new CfnLoggingConfiguration(this, 'Logging', {
      resourceArn: this.acl.attrArn,
      logDestinationConfigs: [
        Stack.of(this).formatArn({
          service: 'logs',
          resource: 'log-group',
          resourceName: logGroup.logGroupName,
          arnFormat: ArnFormat.COLON_RESOURCE_NAME,
        }),
      ],
      redactedFields: [{ singleHeader: { Name: 'authorization' } }, { singleHeader: { Name: 'cookie' } }],
      loggingFilter: {
        DefaultBehavior: 'DROP',
        Filters: [
          {
            Behavior: 'KEEP',
            Requirement: 'MEETS_ANY',
            Conditions: [{ ActionCondition: { Action: 'BLOCK' } }, { ActionCondition: { Action: 'COUNT' } }],
          },
        ],
      },
    });
  }
}

type Rule = Omit<CfnWebACL.RuleProperty, 'priority'>;

/** Behind CloudFront a request comes from an edge, whose address many people share; it names whom it forwards. */
function addressLimits(scope: FirewallProps['scope'], limit: number): Rule[] {
  if (scope === 'CLOUDFRONT') return [limitRule('AddressLimit', limit, 'address')];
  return [limitRule('AddressLimit', edgeShare * limit, 'address'), limitRule('ForwardedLimit', limit, 'forwarded')];
}

/** As many times the limit of a caller as the address of an edge may have. */
const edgeShare = 10;

type Aggregation = Omit<CfnWebACL.RateBasedStatementProperty, 'limit'>;

const aggregation: Readonly<Record<'address' | 'forwarded' | 'key', Aggregation>> = {
  address: { aggregateKeyType: 'IP' },
  forwarded: {
    aggregateKeyType: 'FORWARDED_IP',
    // Without the header a request came by itself, and the limit of its address holds.
    forwardedIpConfig: { headerName: 'X-Forwarded-For', fallbackBehavior: 'NO_MATCH' },
  },
  key: {
    aggregateKeyType: 'CUSTOM_KEYS',
    customKeys: [{ header: { name: 'authorization', textTransformations: [{ priority: 0, type: 'NONE' }] } }],
  },
};

function limitRule(name: string, limit: number, by: keyof typeof aggregation): Rule {
  return {
    name,
    action: {
      block: {
        customResponse: {
          responseCode: 429,
          customResponseBodyKey: 'tooMany',
          responseHeaders: [{ name: 'retry-after', value: '300' }],
        },
      },
    },
    statement: { rateBasedStatement: { limit, ...aggregation[by] } },
    visibilityConfig: visibility(name),
  };
}

function managedRule(name: (typeof managedGroups)[number]): Rule {
  return {
    name,
    overrideAction: { none: {} },
    statement: {
      managedRuleGroupStatement: {
        vendorName: 'AWS',
        name,
        ruleActionOverrides: (counted[name] ?? []).map((rule) => ({ name: rule, actionToUse: { count: {} } })),
      },
    },
    visibilityConfig: visibility(name),
  };
}

function visibility(metricName: string): CfnWebACL.VisibilityConfigProperty {
  return { metricName, cloudWatchMetricsEnabled: true, sampledRequestsEnabled: false };
}
