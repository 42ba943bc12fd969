import { Duration } from 'aws-cdk-lib';
import { type AddToResourcePolicyResult, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { StageStack } from '../stage-stack.ts';

/** What AWS services may do with a key when they act for this account. */
export interface ServiceUse {
  readonly services: readonly string[];
  readonly actions: readonly string[];
  /** Besides `aws:SourceAccount`; for services that say no account, in its place. */
  readonly conditions?: Record<string, Record<string, string>>;
}

/** A customer-managed key: turned over every year, usable through IAM policies of this account and by named services. */
export class StageKey extends Key {
  constructor(scope: StageStack, id: string, purpose: string, description: string, uses: readonly ServiceUse[] = []) {
    const { settings } = scope;
    super(scope, id, {
      alias: `${settings.prefix}-${purpose}`,
      description: `Slicehouse ${settings.name}: ${description}`,
      enableKeyRotation: true,
      rotationPeriod: Duration.days(365),
      pendingWindow: Duration.days(settings.name === 'prod' ? 30 : 7),
      removalPolicy: settings.removalPolicy,
    });
    for (const { services, actions, conditions } of uses)
      this.addToResourcePolicy(
        new PolicyStatement({
          principals: services.map((service) => new ServicePrincipal(service)),
          actions: [...actions],
          // In a key's policy this is the key itself.
          resources: ['*'],
          ...(conditions && { conditions }),
        }),
      );
  }

  /** Other constructs let services use the key for anybody; here a service has to come on behalf of this account. */
  override addToResourcePolicy(statement: PolicyStatement, allowNoOp?: boolean): AddToResourcePolicyResult {
    const isForService = 'Service' in (statement.toStatementJson().Principal ?? {});
    if (isForService && !statement.toStatementJson().Condition)
      statement.addCondition('StringEquals', { 'aws:SourceAccount': this.stack.account });
    return super.addToResourcePolicy(statement, allowNoOp);
  }
}
