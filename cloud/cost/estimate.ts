import { App } from 'aws-cdk-lib';
import { type Environment, type EnvironmentName, readEnvironment } from '../lib/environment.ts';
import { services } from './services.ts';
import { usageOf } from './usage.ts';

/** What a month costs, US dollars. */
export interface Estimate {
  readonly environment: EnvironmentName;
  readonly ordersPerDay: number;
  readonly services: readonly ServiceCost[];
  readonly total: number;
  /** The part of the total that is paid when nobody posts and nobody reads. */
  readonly idle: number;
  /** The day's limit of the environment stops the warehouse: so many RPU hours a day would be missing. */
  readonly rpuHoursRefused: number;
}

export interface ServiceCost {
  readonly service: string;
  readonly dollars: number;
  readonly idle: number;
}

/**
 * The cost of an environment with so many orders a day.
 *
 * @throws RangeError unless the number of orders is zero or more
 */
export function estimate(ordersPerDay: number, name: EnvironmentName): Estimate {
  if (!(ordersPerDay >= 0 && Number.isFinite(ordersPerDay)))
    throw new RangeError(`Orders a day are a number from 0, not ${ordersPerDay}.`);
  const environment = environmentOf(name);
  const [usage, idleUsage] = [usageOf(ordersPerDay, environment), usageOf(0, environment)];
  const lines = Object.entries(services).map(([service, costOf]) => ({
    service,
    dollars: costOf(usage, environment),
    idle: costOf(idleUsage, environment),
  }));
  return {
    environment: name,
    ordersPerDay,
    services: lines,
    total: lines.reduce((sum, { dollars }) => sum + dollars, 0),
    idle: lines.reduce((sum, { idle }) => sum + idle, 0),
    rpuHoursRefused: usage.rpuHoursRefused,
  };
}

function environmentOf(name: EnvironmentName): Environment {
  return readEnvironment(new App({ context: { environment: name } }).node);
}
