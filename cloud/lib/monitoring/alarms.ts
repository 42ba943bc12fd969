import { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { StageStack } from '../stage-stack.ts';
import type { AlarmLevel, AlarmRule } from './alarm-rule.ts';

/** Makes the alarm of a rule: it tells its topic when it sounds and when it is over, and links to the runbook. */
export function createAlarm(stack: StageStack, rule: AlarmRule, topics: Readonly<Record<AlarmLevel, ITopic>>): Alarm {
  const { prefix, alarms } = stack.settings;
  const alarm = new Alarm(stack, rule.name, {
    alarmName: `${prefix}-${rule.name}`,
    alarmDescription: `${rule.meaning} What to do: ${alarms.runbook}${rule.runbook}`,
    metric: rule.metric,
    threshold: rule.threshold,
    comparisonOperator: rule.comparison,
    evaluationPeriods: rule.of,
    datapointsToAlarm: rule.periods,
    treatMissingData: rule.missing,
  });
  const action = new SnsAction(topics[rule.level]);
  alarm.addAlarmAction(action);
  alarm.addOkAction(action);
  return alarm;
}
