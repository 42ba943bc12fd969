import { CfnResource, Stack, Validations } from 'aws-cdk-lib';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';

/**
 * Accepts one finding of cdk-nag on one resource. `rule` is its name, with the finding in brackets when the rule
 * lists several on a resource (`AwsSolutions-IAM5[Resource::*]`); `reason` says why the resource is right as it is.
 *
 * @throws Error when the construct is not one resource, because what it holds besides would be covered too
 */
export function acknowledge(construct: IConstruct, rule: string, reason: string): void {
  const resources = construct.node.findAll().filter((child) => CfnResource.isCfnResource(child));
  const own = CfnResource.isCfnResource(construct) ? construct : construct.node.defaultChild;
  const resource = resources.length === 1 ? resources[0] : own;
  if (!resource || !CfnResource.isCfnResource(resource))
    throw new Error(`${construct.node.path} has no resource of its own to acknowledge ${rule} on.`);
  Validations.of(resource).acknowledge({ id: rule, reason });
}

/** Accepts, on one policy, exactly the wildcards that a statement of it names. */
export function acknowledgeWildcards(policy: IConstruct, statement: PolicyStatement, reason: string): void {
  const stack = Stack.of(policy);
  for (const action of statement.actions)
    if (action.includes('*')) acknowledge(policy, `AwsSolutions-IAM5[Action::${action}]`, reason);
  for (const resource of statement.resources.map((arn) => flatten(stack.resolve(arn))))
    if (resource.includes('*')) acknowledge(policy, `AwsSolutions-IAM5[Resource::${resource}]`, reason);
}

/** A resolved value as cdk-nag writes it: references in angle brackets, what is joined in one piece. */
function flatten(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  const [[name, content] = ['', undefined]] = Object.entries(value);
  if (name === 'Ref') return `<${content}>`;
  if (name === 'Fn::GetAtt') return `<${(content as string[]).join('.')}>`;
  if (name === 'Fn::Join') return (content as [string, unknown[]])[1].map(flatten).join((content as [string])[0]);
  return JSON.stringify(value);
}
