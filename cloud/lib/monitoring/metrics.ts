import { Duration } from 'aws-cdk-lib';
import { type IMetric, MathExpression, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { MetricName } from '../../../src/apps/cloud/telemetry.ts';
import type { GuardedApi } from '../constructs/guarded-api.ts';
import type { SegmentStream } from '../constructs/segment-stream.ts';
import type { StageFunction } from '../constructs/stage-function.ts';
import type { Stages } from './stages.ts';

const minute = Duration.minutes(1);

/** A metric that our functions publish (`src/apps/cloud/telemetry.ts`). */
export function ownMetric(metricName: MetricName, statistic: string, period = minute, label?: string): Metric {
  return new Metric({
    namespace: 'Slicehouse',
    metricName,
    dimensionsMap: { service: 'slicehouse' },
    statistic,
    period,
    ...(label && { label }),
  });
}

/** A metric of a Firehose stream. */
export function streamMetric({ streamName }: SegmentStream, metricName: string, statistic: string, period = minute) {
  return new Metric({
    namespace: 'AWS/Firehose',
    metricName,
    dimensionsMap: { DeliveryStreamName: streamName },
    statistic,
    period,
    label: `${metricName} of ${streamName}`,
  });
}

/** A metric of a REST API, all routes of its stage together. */
export function apiMetric({ apiName, stageName }: GuardedApi, metricName: string, statistic: string, period = minute) {
  return new Metric({
    namespace: 'AWS/ApiGateway',
    metricName,
    dimensionsMap: { ApiName: apiName, Stage: stageName },
    statistic,
    period,
    label: `${metricName} of ${apiName}`,
  });
}

/** A metric of the Redshift Serverless workgroup. */
export function workgroupMetric(
  { warehouse }: Pick<Stages, 'warehouse'>,
  metricName: string,
  statistic: string,
): Metric {
  return new Metric({
    namespace: 'AWS/Redshift-Serverless',
    metricName,
    dimensionsMap: { Workgroup: warehouse.workgroupName },
    statistic,
    period: Duration.minutes(5),
  });
}

/** How often a function was turned away because too many of it ran already. */
export function throttles({ function: { functionName } }: StageFunction): Metric {
  return new Metric({
    namespace: 'AWS/Lambda',
    metricName: 'Throttles',
    dimensionsMap: { FunctionName: functionName },
    statistic: Stats.SUM,
    period: Duration.minutes(5),
  });
}

/**
 * Seconds by which the figures are behind: of what became visible, the oldest; or of what still waits, in Firehose
 * and in the queue together. The second half goes on when nothing is loaded any more.
 */
export function secondsBehind({ stream }: Pick<Stages, 'stream'>): IMetric {
  const waiting = stream.landedQueue.metricApproximateAgeOfOldestMessage({ period: minute, statistic: Stats.MAXIMUM });
  return new MathExpression({
    label: 'Seconds behind',
    period: minute,
    expression: 'MAX([FILL(visible, 0), FILL(stream, 0) + FILL(queue, 0)])',
    usingMetrics: {
      visible: ownMetric('FreshnessSeconds', Stats.MAXIMUM),
      stream: streamMetric(stream.ordersStream, 'DeliveryToS3.DataFreshness', Stats.MAXIMUM),
      queue: waiting,
    },
  });
}

/** Of a hundred calls of an API, how many it answered with 5xx; nothing while there are fewer than ten a period. */
export function failedPercent(api: GuardedApi): IMetric {
  const period = Duration.minutes(5);
  return new MathExpression({
    label: `Failed calls of ${api.apiName} in percent`,
    period,
    expression: 'IF(calls >= 10, 100 * failed / calls, 0)',
    usingMetrics: {
      calls: apiMetric(api, 'Count', Stats.SUM, period),
      failed: apiMetric(api, '5XXError', Stats.SUM, period),
    },
  });
}
