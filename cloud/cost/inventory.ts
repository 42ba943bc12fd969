/**
 * How many of what costs by the piece the stacks make, whatever the environment. A test holds these numbers against
 * the synthesized templates.
 */
export const inventory = {
  firewalls: 3,
  firewallRules: 16,
  /** Methods with detailed metrics, five of them each. */
  gatewayMethods: 3,
  interfaceEndpoints: 5,
  keys: 3,
  /** Three of ours, that of MySQL's master and that of Redshift's admin. */
  secrets: 5,
  /** Metrics of all alarms; an alarm on an expression has several. */
  alarmMetrics: 29,
  dashboards: 1,
  reconcileMinutes: 15,
  glueWorkers: 2,
  /** Megabytes of the functions. */
  memory: { ingest: 1024, authorize: 256, load: 1024, api: 1769, refresh: 1024, census: 1024 },
} as const;
