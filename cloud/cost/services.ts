import { metricUnits } from '../../src/apps/cloud/telemetry.ts';
import { stagedTables } from '../../src/warehouse/redshift/stage-records.ts';
import type { Environment } from '../lib/environment.ts';
import { assumptions, daysPerMonth, hoursPerMonth } from './assumptions.ts';
import { inventory } from './inventory.ts';
import { databaseHour, prices } from './prices.ts';
import type { Usage } from './usage.ts';

type CostOf = (usage: Usage, environment: Environment) => number;

const million = 1e6;
const month = (aDay: number): number => aDay * daysPerMonth;
const millions = (aDay: number): number => month(aDay) / million;
const apiCalls = ({ orderCalls, reportCalls, pageCalls }: Usage): number => orderCalls + reportCalls + pageCalls;
/** Calls that come by the distribution; orders are posted to their API itself. */
const edgeCalls = ({ reportCalls, pageCalls }: Usage): number => reportCalls + pageCalls;

const gateway: CostOf = (usage) => millions(apiCalls(usage)) * prices.gatewayMillionCalls.dollars;

/** What comes by the distribution passes two of them. */
const firewall: CostOf = (usage) =>
  inventory.firewalls * prices.firewallAcl.dollars +
  inventory.firewallRules * prices.firewallRule.dollars +
  millions(apiCalls(usage) + edgeCalls(usage)) * prices.firewallMillionRequests.dollars;

/** Every call of an API is reckoned to ask the authorizer, though API Gateway keeps its answers for a minute. */
const functions: CostOf = (usage) => {
  const { seconds } = assumptions;
  const { memory } = inventory;
  const runs: readonly (readonly [calls: number, seconds: number, megabytes: number])[] = [
    [usage.orderCalls, seconds.ingest, memory.ingest],
    [apiCalls(usage), seconds.authorize, memory.authorize],
    [usage.reportCalls, seconds.api, memory.api],
    [usage.pageCalls, seconds.api, memory.api],
    [usage.loads, seconds.load, memory.load],
    [usage.reconciles, seconds.reconcile, memory.load],
    [1, seconds.refresh, memory.refresh],
    [1, seconds.census, memory.census],
  ];
  return runs.reduce(
    (sum, [calls, each, megabytes]) =>
      sum +
      millions(calls) * prices.functionMillionCalls.dollars +
      month(calls * each * (megabytes / 1024)) * prices.functionGigabyteSecond.dollars,
    0,
  );
};

const stream: CostOf = ({ orders }) => {
  const billedKilobytes = Math.ceil(assumptions.recordKilobytes / 5) * 5;
  const records = orders * (1 + assumptions.refusedShare);
  return ((month(records) * billedKilobytes) / million) * prices.streamGigabyte.dollars;
};

/** A load reads its files, and writes a file and a manifest for each staged table, which Redshift reads. */
const objectWrites = ({ segmentFiles, loads, reconciles }: Usage): number =>
  segmentFiles + loads * stagedTables.length * 2 + reconciles * 2;
const objectReads = ({ segmentFiles, loads }: Usage): number => segmentFiles + loads * stagedTables.length * 2;

const objects: CostOf = (usage) =>
  usage.objectGigabytes * prices.objectGigabyteMonth.dollars +
  millions(objectWrites(usage)) * prices.objectMillionWrites.dollars +
  millions(objectReads(usage)) * prices.objectMillionReads.dollars;

/** Each file is a message that is sent, received and deleted; Lambda asks the queue all day long, 15 times a minute. */
const queue: CostOf = ({ segmentFiles }) =>
  millions(segmentFiles * 3 + 15 * 24 * 60) * prices.queueMillionRequests.dollars;

const warehouse: CostOf = ({ rpuHours, warehouseGigabytes }) =>
  month(rpuHours) * prices.warehouseRpuHour.dollars + warehouseGigabytes * prices.warehouseGigabyteMonth.dollars;

/** Backups up to the size of the storage cost nothing. */
const database: CostOf = (_usage, { mysql }) => {
  const hour = databaseHour[mysql.instanceType];
  if (!hour) throw new Error(`cost/prices.ts has no price of db.${mysql.instanceType}.`);
  const storage = mysql.storageGigabytes * prices.databaseGigabyteMonth.dollars;
  return (hoursPerMonth * hour.dollars + storage) * (mysql.multiZone ? 2 : 1);
};

const glue: CostOf = () => {
  const minutes = assumptions.glueJobMinutes * daysPerMonth + (assumptions.crawlerMinutes * daysPerMonth) / 7;
  return (minutes / 60) * inventory.glueWorkers * prices.glueDpuHour.dollars;
};

/** A night has two starts of some ten states together; a schedule calls the loader. */
const starts: CostOf = ({ reconciles }) =>
  millions(12) * prices.machineMillionTransitions.dollars +
  millions(reconciles + 2) * prices.scheduleMillionStarts.dollars;

const keys: CostOf = ({ loads, segmentFiles }) =>
  inventory.keys * prices.key.dollars +
  millions((loads + segmentFiles) * assumptions.keyCallsPerLoad) * prices.keyMillionRequests.dollars;

/** Four functions read the keys of callers, once a minute while they are asked. */
const secrets: CostOf = ({ orders }) =>
  inventory.secrets * prices.secret.dollars +
  (orders > 0 ? millions(4 * 60 * assumptions.openHours) * prices.secretMillionCalls.dollars : 0);

const endpoints: CostOf = (_usage, { endpointZones }) =>
  inventory.interfaceEndpoints * endpointZones * hoursPerMonth * prices.endpointHour.dollars;

const watching: CostOf = (usage, { logRetention }) => {
  const calls = apiCalls(usage);
  const logs =
    month(calls * assumptions.logKilobytesPerCall + usage.loads * assumptions.logKilobytesPerLoad) / million +
    assumptions.logGigabytesIdle;
  const kept = logs * assumptions.logPackedShare * Math.max(logRetention / daysPerMonth, 1);
  return (
    (Object.keys(metricUnits).length + inventory.gatewayMethods * 5) * prices.metric.dollars +
    inventory.alarmMetrics * prices.alarmMetric.dollars +
    inventory.dashboards * prices.dashboard.dollars +
    logs * prices.logGigabyte.dollars +
    kept * prices.logGigabyteMonth.dollars +
    millions(traces(calls)) * prices.traceMillion.dollars
  );
};

/** X-Ray records the first request of a second and one in twenty of the others. */
function traces(callsADay: number): number {
  const seconds = assumptions.openHours * 3600;
  return Math.min(callsADay, seconds) + Math.max(callsADay - seconds, 0) / 20;
}

const trail: CostOf = (usage) => millions(objectWrites(usage) + objectReads(usage)) * prices.trailMillionEvents.dollars;

/** Half of the hours that pages are open begin with loading them. */
const edge: CostOf = (usage) => {
  const loadedPages = usage.pageHours / 2;
  const gigabytes =
    (usage.reportCalls * assumptions.reportKilobytes + loadedPages * assumptions.pageMegabytes * 1000) / million;
  const requests = edgeCalls(usage) + loadedPages * 20;
  return (
    month(gigabytes) * prices.edgeGigabyte.dollars +
    millions(requests) * prices.edgeMillionRequests.dollars +
    millions(loadedPages * 20) * prices.edgeMillionFunctionCalls.dollars
  );
};

const transfer: CostOf = ({ orderCalls }) =>
  (month(orderCalls * assumptions.orderAnswerKilobytes) / million) * prices.transferGigabyte.dollars;

/** The cost of each service, dollars a month, in the order in which an order meets them. */
export const services: Readonly<Record<string, CostOf>> = {
  'API Gateway': gateway,
  WAF: firewall,
  Lambda: functions,
  Firehose: stream,
  S3: objects,
  SQS: queue,
  'Redshift Serverless': warehouse,
  'RDS for MySQL': database,
  Glue: glue,
  'Step Functions, Scheduler': starts,
  KMS: keys,
  'Secrets Manager': secrets,
  'VPC endpoints': endpoints,
  'CloudWatch, X-Ray': watching,
  CloudTrail: trail,
  CloudFront: edge,
  'Data transfer': transfer,
};
