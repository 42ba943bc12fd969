import { Duration, RemovalPolicy, type Stack } from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Node } from 'constructs';

export const environmentNames = ['dev', 'prod'] as const;
export type EnvironmentName = (typeof environmentNames)[number];

/** Everything that differs between a trial and the real thing; chosen with `-c environment=prod`. */
export interface Environment {
  readonly name: EnvironmentName;
  /** Prefix of every name: `slicehouse-dev`. */
  readonly prefix: string;
  readonly region: string;
  /** Three availability zones; the region's first three unless `-c zones=a,b,c` names others. */
  readonly zones: readonly string[] | undefined;
  /** What becomes of stores of data when their stack goes. */
  readonly removalPolicy: RemovalPolicy;
  /** Whether stacks refuse to be deleted. */
  readonly terminationProtection: boolean;
  readonly logRetention: RetentionDays;
  /** How long old versions of objects stay, in days. */
  readonly oldVersionDays: number;
  /** In how many zones each interface endpoint has an address; each costs about $7 a month. */
  readonly endpointZones: number;
  /** IANA zone of the 02:00 refresh. */
  readonly refreshZone: string;
  readonly warehouse: WarehouseSizes;
  readonly requests: RequestLimits;
  readonly mysql: MySqlSizes;
  readonly alarms: AlarmSettings;
}

export interface WarehouseSizes {
  /** Redshift processing units an idle workgroup wakes with. */
  readonly baseCapacity: number;
  readonly maxCapacity: number;
  /** RPU hours a day after which an alarm sounds, and after which queries are refused (undefined: never). */
  readonly dailyRpuHoursWarn: number;
  readonly dailyRpuHoursStop: number | undefined;
}

export interface RequestLimits {
  /** Requests a second, and how many at once, of all clients together. */
  readonly perSecond: number;
  readonly burst: number;
  /** Requests of one address in five minutes. */
  readonly perAddress: number;
}

export interface MySqlSizes {
  /** Such as `t4g.micro`. */
  readonly instanceType: string;
  readonly storageGigabytes: number;
  readonly multiZone: boolean;
  readonly backupRetention: Duration;
  readonly deletionProtection: boolean;
}

export interface AlarmSettings {
  /** Who is mailed, with `-c alarmEmail=…`; undefined: only the topic. */
  readonly email: string | undefined;
  readonly monthlyBudgetDollars: number;
  /** Where runbook links point, with `-c runbook=https://…#`; a heading's name follows. */
  readonly runbook: string;
}

type Sizes = Pick<
  Environment,
  | 'removalPolicy'
  | 'terminationProtection'
  | 'logRetention'
  | 'oldVersionDays'
  | 'endpointZones'
  | 'warehouse'
  | 'requests'
  | 'mysql'
> & { readonly monthlyBudgetDollars: number };

const sizes: Readonly<Record<EnvironmentName, Sizes>> = {
  dev: {
    removalPolicy: RemovalPolicy.DESTROY,
    terminationProtection: false,
    logRetention: RetentionDays.TWO_WEEKS,
    oldVersionDays: 7,
    endpointZones: 1,
    warehouse: { baseCapacity: 8, maxCapacity: 16, dailyRpuHoursWarn: 16, dailyRpuHoursStop: 48 },
    requests: { perSecond: 50, burst: 100, perAddress: 3_000 },
    mysql: {
      instanceType: 't4g.micro',
      storageGigabytes: 20,
      multiZone: false,
      backupRetention: Duration.days(1),
      deletionProtection: false,
    },
    monthlyBudgetDollars: 200,
  },
  prod: {
    removalPolicy: RemovalPolicy.RETAIN,
    terminationProtection: true,
    logRetention: RetentionDays.ONE_YEAR,
    oldVersionDays: 30,
    endpointZones: 3,
    warehouse: { baseCapacity: 8, maxCapacity: 64, dailyRpuHoursWarn: 192, dailyRpuHoursStop: undefined },
    requests: { perSecond: 500, burst: 1_000, perAddress: 30_000 },
    mysql: {
      instanceType: 't4g.medium',
      storageGigabytes: 50,
      multiZone: true,
      backupRetention: Duration.days(14),
      deletionProtection: true,
    },
    monthlyBudgetDollars: 2_000,
  },
};

/**
 * The environment that the app's context asks for: `environment`, and `region`, `zones`, `refreshZone`, `alarmEmail`
 * and `runbook` where they differ from the usual.
 *
 * @throws Error naming the environments when it is none of them, or when there are not three zones
 */
export function readEnvironment(node: Node): Environment {
  const text = (key: string): string | undefined => node.tryGetContext(key);
  const name = environmentNames.find((known) => known === (text('environment') ?? 'dev'));
  if (!name) throw new Error(`Context "environment" must be one of ${environmentNames.join(', ')}.`);
  const zones = text('zones')?.split(',');
  if (zones && zones.length !== 3) throw new Error('Context "zones" must name three availability zones: a,b,c.');
  const { monthlyBudgetDollars, ...rest } = sizes[name];
  return {
    ...rest,
    name,
    prefix: `slicehouse-${name}`,
    region: text('region') ?? 'us-east-1',
    zones,
    refreshZone: text('refreshZone') ?? 'America/New_York',
    alarms: {
      email: text('alarmEmail'),
      monthlyBudgetDollars,
      runbook: text('runbook') ?? 'docs/runbook.md#',
    },
  };
}

/** The name of a bucket, unique in the world because account and region are part of it. */
export function bucketName(stack: Stack, environment: Environment, purpose: string): string {
  return `${environment.prefix}-${purpose}-${stack.account}-${stack.region}`;
}
