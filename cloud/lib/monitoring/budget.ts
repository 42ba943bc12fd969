import { CfnBudget } from 'aws-cdk-lib/aws-budgets';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { StageStack } from '../stage-stack.ts';

/** What is told of the month's cost: the share of the budget in percent, spent or foreseen. */
const notices = [
  { notificationType: 'ACTUAL', threshold: 50 },
  { notificationType: 'ACTUAL', threshold: 100 },
  { notificationType: 'FORECASTED', threshold: 100 },
] as const;

/**
 * A budget for what carries our tag, which CloudFormation puts on everything. The owner has to switch the tag on for
 * costs once, in the billing console; until then the budget sees nothing.
 */
export function createBudget(stack: StageStack, topic: ITopic): CfnBudget {
  const { prefix, name, alarms } = stack.settings;
  return new CfnBudget(stack, 'Budget', {
    budget: {
      budgetName: `${prefix}-monthly`,
      budgetType: 'COST',
      timeUnit: 'MONTHLY',
      budgetLimit: { amount: alarms.monthlyBudgetDollars, unit: 'USD' },
      costFilters: { TagKeyValue: [`user:environment$${name}`] },
    },
    notificationsWithSubscribers: notices.map((notice) => ({
      notification: { ...notice, comparisonOperator: 'GREATER_THAN', thresholdType: 'PERCENTAGE' },
      subscribers: [{ subscriptionType: 'SNS', address: topic.topicArn }],
    })),
  });
}
