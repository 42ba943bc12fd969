/** What one unit of a service costs. */
export interface Price {
  readonly dollars: number;
  /** What it is the price of. */
  readonly unit: string;
  /** The page of AWS that has it. */
  readonly source: string;
  /** The day, or month, as of which the price is known. */
  readonly asOf: string;
}

const page = (name: string): string => `https://aws.amazon.com/${name}/pricing/`;
const price = (dollars: number, unit: string, source: string, asOf: string): Price => ({
  dollars,
  unit,
  source: page(source),
  asOf,
});

/**
 * List prices of us-east-1 in US dollars, without free tiers, discounts, support and tax, each as known on its date
 * and the first tier where there are several. They were not read from AWS's price list by a program and change without
 * notice: check those that matter on their page before deciding by them.
 */
export const prices = {
  gatewayMillionCalls: price(3.5, 'million calls of a REST API', 'api-gateway', '2026-09-20'),
  transferGigabyte: price(0.09, 'GB out to the internet', 'api-gateway', '2026-09-20'),
  firewallAcl: price(5, 'web ACL and month', 'waf', '2025-06'),
  firewallRule: price(1, 'rule or managed group and month', 'waf', '2025-06'),
  firewallMillionRequests: price(0.6, 'million requests', 'waf', '2025-06'),
  functionMillionCalls: price(0.2, 'million calls', 'lambda', '2026-09-20'),
  functionGigabyteSecond: price(0.0000133334, 'GB-second on arm64', 'lambda', '2025-06'),
  streamGigabyte: price(0.029, 'GB taken, each record rounded up to 5 KB', 'firehose', '2025-06'),
  objectGigabyteMonth: price(0.023, 'GB and month in S3 Standard', 's3', '2025-06'),
  objectMillionWrites: price(5, 'million PUT and LIST requests', 's3', '2025-06'),
  objectMillionReads: price(0.4, 'million GET requests', 's3', '2025-06'),
  queueMillionRequests: price(0.4, 'million requests of a standard queue', 'sqs', '2025-06'),
  warehouseRpuHour: price(0.375, 'RPU hour of Redshift Serverless', 'redshift', '2026-10-07'),
  warehouseGigabyteMonth: price(0.024, 'GB and month of managed storage', 'redshift', '2026-05-05'),
  databaseGigabyteMonth: price(0.115, 'GB and month of gp3, one zone', 'rds/mysql', '2026-06'),
  glueDpuHour: price(0.44, 'DPU hour of a Spark job or crawler', 'glue', '2025-06'),
  machineMillionTransitions: price(25, 'million state transitions, standard workflow', 'step-functions', '2025-06'),
  scheduleMillionStarts: price(1, 'million invocations of EventBridge Scheduler', 'eventbridge', '2025-06'),
  key: price(1, 'customer-managed key and month', 'kms', '2025-06'),
  keyMillionRequests: price(3, 'million requests', 'kms', '2025-06'),
  secret: price(0.4, 'secret and month', 'secrets-manager', '2026-09-20'),
  secretMillionCalls: price(5, 'million calls', 'secrets-manager', '2026-09-20'),
  endpointHour: price(0.01, 'interface endpoint, zone and hour', 'privatelink', '2026-01-29'),
  metric: price(0.3, 'custom metric and month', 'cloudwatch', '2026-05-05'),
  alarmMetric: price(0.1, 'metric of an alarm and month', 'cloudwatch', '2026-05-05'),
  dashboard: price(3, 'dashboard and month', 'cloudwatch', '2025-06'),
  logGigabyte: price(0.5, 'GB of logs taken', 'cloudwatch', '2026-05-05'),
  logGigabyteMonth: price(0.03, 'GB and month of logs kept, packed', 'cloudwatch', '2026-05-05'),
  traceMillion: price(5, 'million traces recorded', 'xray', '2025-06'),
  trailMillionEvents: price(1, 'million data events', 'cloudtrail', '2025-06'),
  edgeGigabyte: price(0.085, 'GB out to North America', 'cloudfront', '2025-06'),
  edgeMillionRequests: price(1, 'million HTTPS requests', 'cloudfront', '2025-06'),
  edgeMillionFunctionCalls: price(0.1, 'million calls of a CloudFront function', 'cloudfront', '2025-06'),
} as const;

/** An hour of RDS for MySQL on an instance, one zone. A second zone costs the same again. */
export const databaseHour: Readonly<Record<string, Price>> = {
  't4g.micro': price(0.016, 'db.t4g.micro and hour', 'rds/mysql', '2026-05'),
  't4g.small': price(0.032, 'db.t4g.small and hour', 'rds/mysql', '2026-05'),
  't4g.medium': price(0.065, 'db.t4g.medium and hour', 'rds/mysql', '2026-05'),
};
