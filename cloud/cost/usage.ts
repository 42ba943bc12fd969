import type { Environment } from '../lib/environment.ts';
import { assumptions, daysPerMonth } from './assumptions.ts';
import { inventory } from './inventory.ts';

/** What a day is like: everything a day, unless its name says otherwise. */
export interface Usage {
  readonly orders: number;
  readonly orderCalls: number;
  readonly reportCalls: number;
  /** Calls of open pages for live events, answered 404 without asking the warehouse. */
  readonly pageCalls: number;
  readonly pageHours: number;
  /** Files of both streams, and the loads that take them. */
  readonly segmentFiles: number;
  readonly loads: number;
  readonly reconciles: number;
  readonly rpuHours: number;
  /** RPU hours that the orders ask for beyond the environment's daily limit. */
  readonly rpuHoursRefused: number;
  /** What has come together after `monthsKept`, GB. */
  readonly objectGigabytes: number;
  readonly warehouseGigabytes: number;
}

const openSeconds = assumptions.openHours * 3600;
/** Firehose's buffer and the batching window of the queue, as the stream and load stacks set them. */
const bufferSeconds = 15;
const windowSeconds = 5;

/** The use that so many orders a day make of an environment; none at all is a system that is left alone. */
export function usageOf(orders: number, { warehouse }: Pick<Environment, 'warehouse'>): Usage {
  const inUse = orders > 0;
  const orderCalls = orders / assumptions.ordersPerRequest;
  const reportCalls = inUse ? Math.max(assumptions.reportsMin, orders / assumptions.ordersPerReport) : 0;
  const pageHours = inUse ? Math.max(assumptions.pageHoursMin, orders / assumptions.ordersPerPageHour) : 0;
  const pageCalls = pageHours * assumptions.callsPerPageHour;
  const reconciles = (24 * 60) / inventory.reconcileMinutes;
  const wanted = rpuHours(orders, orderCalls + reportCalls + pageCalls, warehouse);
  const granted = Math.min(wanted, warehouse.dailyRpuHoursStop ?? Number.POSITIVE_INFINITY);
  const records = orders * daysPerMonth * assumptions.monthsKept;
  return {
    orders,
    orderCalls,
    reportCalls,
    pageCalls,
    pageHours,
    segmentFiles: rounds(orders, bufferSeconds) + rounds(orders * assumptions.refusedShare, bufferSeconds),
    loads: rounds(orders, bufferSeconds + windowSeconds),
    reconciles,
    rpuHours: granted,
    rpuHoursRefused: wanted - granted,
    objectGigabytes: (records * assumptions.recordKilobytesPacked) / 1e6,
    warehouseGigabytes: (records * assumptions.storedKilobytes) / 1e6,
  };
}

/** How often something happens that waits for the first of so many events a day, and then so long for others. */
function rounds(events: number, waitSeconds: number): number {
  return events === 0 ? 0 : openSeconds / (openSeconds / events + waitSeconds);
}

/**
 * RPU hours a day. Whatever asks the warehouse keeps it awake for a minute: with calls at random times, the share of
 * the open hours without any in the last minute is e^(-rate × 60). The regular look at the bucket wakes it at all hours.
 */
function rpuHours(orders: number, calls: number, { baseCapacity, maxCapacity }: Environment['warehouse']): number {
  const awake = assumptions.warehouseSecondsMin;
  const awakeByReconcile = awake / (inventory.reconcileMinutes * 60);
  const restful = Math.exp((-calls / openSeconds) * awake) * (1 - awakeByReconcile);
  const seconds =
    openSeconds * (1 - restful) +
    (86_400 - openSeconds) * awakeByReconcile +
    60 * (assumptions.refreshMinutes + orders / assumptions.ordersPerRefreshMinute);
  const steps = Math.floor(orders / assumptions.ordersPerCapacityStep);
  const capacity = Math.min(baseCapacity + steps * assumptions.capacityStep, maxCapacity);
  return (Math.min(seconds, 86_400) / 3600) * capacity;
}
