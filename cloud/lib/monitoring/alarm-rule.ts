import { ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';

/** Whom an alarm tells: `warn` can wait until morning, `page` cannot. */
export type AlarmLevel = 'warn' | 'page';

/** When an alarm sounds, and what it means. */
export interface AlarmRule {
  /** Its name after the environment's prefix. */
  readonly name: string;
  readonly level: AlarmLevel;
  /** What is wrong, in one sentence, for whoever is woken by it. */
  readonly meaning: string;
  /** The section of docs/runbook.md about it, as its heading's anchor. */
  readonly runbook: string;
  readonly metric: IMetric;
  readonly threshold: number;
  readonly comparison: ComparisonOperator;
  /** So many of the last `of` periods must be beyond the threshold. */
  readonly periods: number;
  readonly of: number;
  readonly missing: TreatMissingData;
}

type Written = Pick<AlarmRule, 'name' | 'level' | 'meaning' | 'runbook' | 'metric'> & {
  readonly threshold: number;
  readonly periods?: number;
  readonly of?: number;
};

/** A rule that sounds above its threshold. Where nothing is measured, nothing is wrong. */
export function above({ periods = 1, of = periods, ...rest }: Written): AlarmRule {
  const comparison = ComparisonOperator.GREATER_THAN_THRESHOLD;
  return { ...rest, periods, of, comparison, missing: TreatMissingData.NOT_BREACHING };
}

/** A rule that sounds below its threshold; silence counts as `missing` says. */
export function below(
  { periods = 1, of = periods, ...rest }: Written,
  missing = TreatMissingData.NOT_BREACHING,
): AlarmRule {
  return { ...rest, periods, of, comparison: ComparisonOperator.LESS_THAN_THRESHOLD, missing };
}
