import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assumptions } from '../cost/assumptions.ts';
import { type Estimate, estimate } from '../cost/estimate.ts';
import { inventory } from '../cost/inventory.ts';
import { databaseHour, prices } from '../cost/prices.ts';
import { costTable, tableInDocs } from '../cost/table.ts';
import { usageOf } from '../cost/usage.ts';
import { type EnvironmentName, environmentNames } from '../lib/environment.ts';
import { type Resource, resourcesOf, type Synthesized, synthesize } from './support/app.ts';

const byService = ({ services }: Estimate): Record<string, number> =>
  Object.fromEntries(services.map(({ service, dollars }) => [service, dollars]));
const anEnvironment = fc.constantFrom<EnvironmentName>(...environmentNames);
const someOrders = fc.integer({ min: 0, max: 3_000_000 });

describe('the estimate', () => {
  it('never gets cheaper with more orders, service by service', () => {
    fc.assert(
      fc.property(anEnvironment, someOrders, someOrders, (name, one, other) => {
        const [fewer, more] = [Math.min(one, other), Math.max(one, other)].map((orders) =>
          byService(estimate(orders, name)),
        );
        for (const [service, dollars] of Object.entries(fewer ?? {}))
          expect([service, dollars]).toEqual([service, Math.min(dollars, more?.[service] ?? 0)]);
      }),
      { numRuns: 30 },
    );
  });

  it('is the sum of its services, and names as idle exactly what nobody asks for', () => {
    for (const name of environmentNames) {
      const [idle, busy] = [estimate(0, name), estimate(10_000, name)];
      expect(busy.total).toBeCloseTo(
        busy.services.reduce((sum, { dollars }) => sum + dollars, 0),
        6,
      );
      expect(busy.idle).toBeCloseTo(idle.total, 6);
      expect(idle.total).toBe(idle.idle);
      for (const service of ['API Gateway', 'Firehose', 'CloudFront', 'Data transfer'])
        expect([service, byService(idle)[service]]).toEqual([service, 0]);
      for (const service of ['WAF', 'RDS for MySQL', 'VPC endpoints', 'KMS', 'Redshift Serverless'])
        expect(byService(idle)[service]).toBeGreaterThan(1);
    }
  });

  it('takes its sizes from the environments', () => {
    const [dev, prod] = environmentNames.map((name) => byService(estimate(100, name)));
    expect((prod?.['VPC endpoints'] ?? 0) / (dev?.['VPC endpoints'] ?? 0)).toBeCloseTo(3, 6);
    expect(prod?.['RDS for MySQL']).toBeCloseTo(2 * (730 * 0.065 + 50 * 0.115), 6);
  });

  it('asks for a number of orders', () => {
    for (const orders of [-1, Number.NaN, Number.POSITIVE_INFINITY])
      expect(() => estimate(orders, 'dev')).toThrow(RangeError);
  });
});

describe('the warehouse', () => {
  const always = { baseCapacity: 8, maxCapacity: 64, dailyRpuHoursWarn: 192, dailyRpuHoursStop: undefined };

  it('is awake for a minute each time when little happens, and throughout the open hours when much does', () => {
    const hours = (orders: number) => usageOf(orders, { warehouse: always }).rpuHours / 8;
    const reconciled = (24 * 60) / inventory.reconcileMinutes / 60;
    expect(hours(0)).toBeCloseTo(reconciled + assumptions.refreshMinutes / 60, 6);
    expect(hours(20_000)).toBeGreaterThan(assumptions.openHours);
    expect(hours(20_000)).toBeLessThan(assumptions.openHours + 1);
  });

  it('computes no more than the daily limit lets it, and says what is missing', () => {
    const limited = usageOf(20_000, { warehouse: { ...always, dailyRpuHoursStop: 48 } });
    const free = usageOf(20_000, { warehouse: always });
    expect(limited.rpuHours).toBe(48);
    expect(limited.rpuHoursRefused).toBeCloseTo(free.rpuHours - 48, 6);
    expect(free.rpuHoursRefused).toBe(0);
  });

  it('takes each load once: never more loads than orders, nor than its windows leave room for', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3_000_000 }), (orders) => {
        const { loads, segmentFiles } = usageOf(orders, { warehouse: always });
        expect(loads).toBeLessThanOrEqual(orders);
        expect(loads).toBeLessThanOrEqual((assumptions.openHours * 3600) / 20);
        expect(segmentFiles).toBeGreaterThanOrEqual(loads);
      }),
    );
  });
});

describe('the prices', () => {
  it('have each a page of AWS and a date', () => {
    for (const { dollars, unit, source, asOf } of [...Object.values(prices), ...Object.values(databaseHour)]) {
      expect(dollars).toBeGreaterThan(0);
      expect(unit).not.toBe('');
      expect(source).toMatch(/^https:\/\/aws\.amazon\.com\/[a-z0-9/-]+\/pricing\/$/);
      expect(asOf).toMatch(/^20\d\d-\d\d(-\d\d)?$/);
    }
  });
});

describe('docs/aws.md', () => {
  it('has the table that the calculator makes: npm run cost -- --docs writes it', () => {
    expect(tableInDocs()).toBe(costTable());
  });
});

describe('the inventory', () => {
  let app: Synthesized;
  beforeAll(async () => {
    app = await synthesize();
  });
  afterAll(() => app?.[Symbol.dispose]());

  const all = (type: string): Resource[] =>
    Object.values(app.templates).flatMap((template) => resourcesOf(template, type).map(([, resource]) => resource));
  const property = <T>({ Properties }: Resource, name: string): T => Properties[name] as T;

  it('counts what the stacks make', () => {
    const acls = all('AWS::WAFv2::WebACL');
    const endpoints = all('AWS::EC2::VPCEndpoint').filter((one) => property(one, 'VpcEndpointType') === 'Interface');
    expect({
      firewalls: acls.length,
      firewallRules: acls.reduce((sum, acl) => sum + property<unknown[]>(acl, 'Rules').length, 0),
      gatewayMethods: all('AWS::ApiGateway::Method').length,
      interfaceEndpoints: endpoints.length,
      keys: all('AWS::KMS::Key').length,
      // RDS and Redshift make one each that no template has.
      secrets: all('AWS::SecretsManager::Secret').length + 2,
      alarmMetrics: all('AWS::CloudWatch::Alarm').reduce((sum, alarm) => sum + metricsOf(alarm), 0),
      dashboards: all('AWS::CloudWatch::Dashboard').length,
    }).toEqual({
      firewalls: inventory.firewalls,
      firewallRules: inventory.firewallRules,
      gatewayMethods: inventory.gatewayMethods,
      interfaceEndpoints: inventory.interfaceEndpoints,
      keys: inventory.keys,
      secrets: inventory.secrets,
      alarmMetrics: inventory.alarmMetrics,
      dashboards: inventory.dashboards,
    });
    // The dev environment has each endpoint in one zone.
    expect(property<unknown[]>(endpoints[0] as Resource, 'SubnetIds')).toHaveLength(1);
  });

  it('knows the sizes and the clock of the stacks', () => {
    const memory = all('AWS::Lambda::Function').map(
      (one) => [String(property(one, 'FunctionName')), property(one, 'MemorySize')] as const,
    );
    for (const [name, megabytes] of Object.entries(inventory.memory))
      expect(memory.filter(([found]) => found.startsWith(`slicehouse-dev-${name}`)).map(([, size]) => size)).toEqual(
        name === 'authorize' ? [megabytes, megabytes] : [megabytes],
      );
    const schedules = all('AWS::Scheduler::Schedule').map((one) => property(one, 'ScheduleExpression'));
    expect(schedules).toContain(`rate(${inventory.reconcileMinutes} minutes)`);
    expect(all('AWS::Glue::Job').map((job) => property(job, 'NumberOfWorkers'))).toEqual([inventory.glueWorkers]);
  });
});

/** An alarm on an expression is billed for every metric in it. */
function metricsOf({ Properties }: Resource): number {
  const metrics = Properties['Metrics'] as { MetricStat?: unknown }[] | undefined;
  return metrics?.filter(({ MetricStat }) => MetricStat).length ?? 1;
}
