import { parseArgs } from 'node:util';
import { environmentNames } from '../lib/environment.ts';
import { type Estimate, estimate } from './estimate.ts';
import { prices } from './prices.ts';
import { dollars, writeTable } from './table.ts';

const usage = `Usage: npm run cost -- --orders-per-day 10000 [--env ${environmentNames.join('|')}] [--json]
       npm run cost -- --docs    writes the table of docs/aws.md
`;

function readable({ environment, ordersPerDay, services, total, idle, rpuHoursRefused }: Estimate): string {
  const line = (name: string, all: number, rest: number) =>
    `${name.padEnd(28)}${dollars(all).padStart(10)}${dollars(rest).padStart(10)}\n`;
  const dates = Object.values(prices)
    .map(({ asOf }) => asOf)
    .sort();
  return [
    `${environment}, ${ordersPerDay.toLocaleString('en-US')} orders a day: dollars a month, and of these when idle\n\n`,
    ...services.map((one) => line(one.service, one.dollars, one.idle)),
    line('all', total, idle),
    rpuHoursRefused > 0
      ? `\nThe daily limit of ${environment} stops Redshift: ${Math.round(rpuHoursRefused)} RPU hours a day more are asked for. Orders wait in S3 until the next day.\n`
      : '',
    `\nList prices of us-east-1 as known between ${dates[0]} and ${dates.at(-1)}; assumptions in cost/assumptions.ts.\n`,
  ].join('');
}

function readOptions() {
  const { values } = parseArgs({
    options: {
      'orders-per-day': { type: 'string' },
      env: { type: 'string', default: 'dev' },
      json: { type: 'boolean', default: false },
      docs: { type: 'boolean', default: false },
    },
  });
  return values;
}

function refuse(reason = ''): void {
  process.stderr.write(`${reason}${usage}`);
  process.exitCode = 2;
}

function main(values: ReturnType<typeof readOptions>): void {
  if (values.docs) {
    writeTable();
    return;
  }
  const name = environmentNames.find((known) => known === values.env);
  const orders = values['orders-per-day'];
  if (!name || orders === undefined || !/^\d+$/.test(orders)) {
    refuse();
    return;
  }
  const result = estimate(Number(orders), name);
  process.stdout.write(values.json ? `${JSON.stringify(result, null, 2)}\n` : readable(result));
}

try {
  main(readOptions());
} catch (error) {
  if (!(error instanceof TypeError && 'code' in error)) throw error;
  refuse(`${error.message}\n`);
}
