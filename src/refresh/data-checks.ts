import { readFileSync } from 'node:fs';
import type { CheckResult, CheckUnit } from '../contract/refresh.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';

/** A range of what is normal; outside of `fails` is worse than outside of `warns`. Both ends belong to it. */
interface Limits {
  readonly warns: readonly [min: number, max: number];
  readonly fails?: readonly [min: number, max: number];
}

/** A data check: one number from one statement (`checks/<name>.sql`), held against limits. */
export interface DataCheck {
  readonly name: string;
  /** The name in words. */
  readonly title: string;
  /** What it looks at, in words. */
  readonly looksAt: string;
  readonly limits: Limits;
  readonly expected: string;
  /** Says what the number means; `observed` is written in by `{}`. */
  readonly says: string;
  readonly unit: CheckUnit;
}

const upTo = (max: number): readonly [number, number] => [Number.NEGATIVE_INFINITY, max];

/** Every data check there is. */
export const dataChecks: readonly DataCheck[] = [
  {
    name: 'orders-against-weekday',
    title: 'Orders for the weekday',
    looksAt: 'Orders of the last full day, and of the same weekday in the four weeks before',
    unit: 'ratio',
    limits: { warns: [0.6, 1.7], fails: [0.2, 5] },
    expected: '0.6 to 1.7 times the same weekday of the four weeks before',
    says: 'Orders of the last full day are {} times those of the same weekday in the four weeks before.',
  },
  {
    name: 'orders-against-yesterday',
    title: 'Orders against the day before',
    looksAt: 'Orders of the last full day, and of the day before',
    unit: 'ratio',
    limits: { warns: [0.3, 3.5] },
    expected: '0.3 to 3.5 times the day before',
    says: 'Orders of the last full day are {} times those of the day before.',
  },
  {
    name: 'revenue-against-weekday',
    title: 'Revenue for the weekday',
    looksAt: 'Revenue of the last full day, and of the same weekday in the four weeks before',
    unit: 'ratio',
    limits: { warns: [0.5, 2], fails: [0.1, 10] },
    expected: '0.5 to 2 times the same weekday of the four weeks before',
    says: 'Revenue of the last full day is {} times that of the same weekday in the four weeks before.',
  },
  {
    name: 'revenue-per-pizza',
    title: 'Revenue per pizza',
    looksAt: 'What a pizza of the last full day brought on average',
    unit: 'cents',
    limits: { warns: [300, 6_000] },
    expected: '$3 to $60',
    says: 'A pizza of the last full day brought {} on average.',
  },
  {
    name: 'stores-without-orders',
    title: 'Stores without orders',
    looksAt: 'Stores that sold in the week before, and sold nothing on the last full day',
    unit: 'share',
    limits: { warns: upTo(0.1), fails: upTo(0.5) },
    expected: 'at most 10 % of the stores that sold in the week before',
    says: '{} of the stores that sold in the week before sold nothing on the last full day.',
  },
  {
    name: 'guest-share',
    title: 'Orders without a customer',
    looksAt: 'Orders of the last seven days that name no customer',
    unit: 'share',
    limits: { warns: upTo(0.9) },
    expected: 'at most 90 % of the last seven days',
    says: '{} of the orders of the last seven days name no customer.',
  },
  {
    name: 'unresolved-share',
    title: 'Lines without a state',
    looksAt: 'Lines of the last seven days that count in no state',
    unit: 'share',
    limits: { warns: upTo(0.01), fails: upTo(0.2) },
    expected: 'at most 1 % of the last seven days',
    says: '{} of the lines of the last seven days count in no state: store, delivery address and home are unknown.',
  },
  {
    name: 'unknown-stores',
    title: 'Unknown stores',
    looksAt: 'Stores that sold in the last seven days and are not in the list of stores',
    unit: 'count',
    limits: { warns: upTo(0) },
    expected: 'none',
    says: 'Stores that sold in the last seven days and are not in the list of stores: {}.',
  },
  {
    name: 'unknown-customers',
    title: 'Unknown customers',
    looksAt: 'Customers of the last seven days who are not in the list of customers',
    unit: 'share',
    limits: { warns: upTo(0.5) },
    expected: 'at most 50 % of the last seven days',
    says: '{} of the customers of the last seven days are not in the list of customers.',
  },
  {
    name: 'negative-amounts',
    title: 'Negative amounts',
    looksAt: 'Every line: a negative amount, or a discount above the price',
    unit: 'count',
    limits: { warns: upTo(0), fails: upTo(0) },
    expected: 'none',
    says: 'Lines with a negative amount, or with a discount above their price: {}.',
  },
  {
    name: 'future-dates',
    title: 'Orders in the future',
    looksAt: 'Orders that lie more than a day ahead',
    unit: 'count',
    limits: { warns: upTo(0) },
    expected: 'none',
    says: 'Orders that lie more than a day in the future: {}.',
  },
  {
    name: 'waiting-in-quarantine',
    title: 'Waiting in quarantine',
    looksAt: 'Records in quarantine that wait to be replayed or dropped',
    unit: 'count',
    limits: { warns: upTo(100) },
    expected: 'at most 100',
    says: 'Records that wait in quarantine to be replayed or dropped: {}.',
  },
  {
    name: 'books-out-of-balance',
    title: 'Books out of balance',
    looksAt: 'Books of every day and source: do they add up?',
    unit: 'count',
    limits: { warns: upTo(0), fails: upTo(0) },
    expected: 'none',
    says: 'Books of a day and source that do not balance: {}. "slicehouse verify" names what is missing.',
  },
  {
    name: 'heads-against-books',
    title: 'Orders against the ledger',
    looksAt: 'Orders stored, and orders that the ledger says were loaded',
    unit: 'count',
    limits: { warns: upTo(0), fails: upTo(0) },
    expected: 'none',
    says: 'Orders stored and orders in the ledger differ by {}. "slicehouse verify" names them.',
  },
];

/** Runs every check over the data up to a business date. Checks only read; a check that cannot run has failed. */
export async function runDataChecks(
  warehouse: Warehouse,
  businessDate: string,
  checks: readonly DataCheck[] = dataChecks,
): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  for (const check of checks) results.push(await runCheck(warehouse, businessDate, check));
  return results;
}

async function runCheck(warehouse: Warehouse, date: string, check: DataCheck): Promise<CheckResult> {
  const { name, expected } = check;
  try {
    const sql = readFileSync(new URL(`./checks/${name}.sql`, import.meta.url), 'utf8');
    const [row] = await warehouse.query(sql, sql.includes('$date') ? { date } : {});
    const value = row?.['observed'];
    if (value === null || value === undefined)
      return { name, expected, status: 'passed', observed: null, message: 'There is nothing to compare yet.' };
    return { name, expected, ...judge(check, Number(value)) };
  } catch (error) {
    return {
      name,
      expected,
      status: 'failed',
      observed: null,
      message: `The check could not run: ${(error as Error).message}`,
    };
  }
}

function judge(
  { limits, says, unit }: DataCheck,
  observed: number,
): Pick<CheckResult, 'status' | 'observed' | 'message'> {
  const outside = ([min, max]: readonly [number, number]): boolean => observed < min || observed > max;
  const bad = outside(limits.warns) ? 'warned' : 'passed';
  const status = limits.fails && outside(limits.fails) ? 'failed' : bad;
  return { status, observed, message: says.replace('{}', written(observed, unit)) };
}

function written(value: number, unit: DataCheck['unit']): string {
  if (unit === 'share') return `${(value * 100).toFixed(1)} %`;
  if (unit === 'cents') return `$${(value / 100).toFixed(2)}`;
  return unit === 'ratio' ? value.toFixed(2) : Math.round(value).toLocaleString('en-US');
}
