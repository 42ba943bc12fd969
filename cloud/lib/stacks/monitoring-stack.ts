import { CfnOutput } from 'aws-cdk-lib';
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct } from 'constructs';
import { createAlarm } from '../monitoring/alarms.ts';
import { createBudget } from '../monitoring/budget.ts';
import { orderAlarms } from '../monitoring/order-alarms.ts';
import { createOrderDashboard } from '../monitoring/order-dashboard.ts';
import { serviceAlarms } from '../monitoring/service-alarms.ts';
import type { Stages } from '../monitoring/stages.ts';
import { StageStack, type StageStackProps } from '../stage-stack.ts';
import type { SecurityStack } from './security-stack.ts';

export interface MonitoringStackProps extends StageStackProps, Stages {
  readonly security: SecurityStack;
}

/** Who is told what goes wrong, and one page that follows an order through the stages. */
export class MonitoringStack extends StageStack {
  /** Told of what cannot wait until morning; the topic of the security stage is told of the rest. */
  readonly pageTopic: Topic;
  readonly alarms: readonly Alarm[];

  constructor(scope: Construct, props: MonitoringStackProps) {
    super(scope, 'Monitoring', 'dashboard, alarms, budget', props);
    const { security } = props;
    this.pageTopic = this.#createPageTopic(security);
    const topics = { warn: security.alarmTopic, page: this.pageTopic };
    this.alarms = [...orderAlarms(props), ...serviceAlarms(props, this.settings)].map((rule) =>
      createAlarm(this, rule, topics),
    );
    createBudget(this, security.alarmTopic);
    const dashboard = createOrderDashboard(this, props, this.alarms);
    new CfnOutput(this, 'DashboardName', { value: dashboard.dashboardName });
    new CfnOutput(this, 'PageTopicArn', {
      value: this.pageTopic.topicArn,
      description: 'Subscribe the telephone: aws sns subscribe --topic-arn …',
    });
  }

  #createPageTopic({ logsKey }: SecurityStack): Topic {
    const topic = new Topic(this, 'PageTopic', {
      topicName: `${this.settings.prefix}-pages`,
      displayName: `Slicehouse ${this.settings.name}: now`,
      masterKey: logsKey,
      enforceSSL: true,
    });
    topic.addToResourcePolicy(
      new PolicyStatement({
        sid: 'AlarmsOfThisAccount',
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': this.account } },
      }),
    );
    if (this.settings.alarms.email) topic.addSubscription(new EmailSubscription(this.settings.alarms.email));
    return topic;
  }
}
