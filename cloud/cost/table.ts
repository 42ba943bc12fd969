import { readFileSync, writeFileSync } from 'node:fs';
import { environmentNames } from '../lib/environment.ts';
import { type Estimate, estimate } from './estimate.ts';

const columns = environmentNames.flatMap((name) => [0, 100, 10_000, 1_000_000].map((orders) => ({ name, orders })));
const document = new URL('../../docs/aws.md', import.meta.url);
const between = /(?<=<!-- cost: made by "npm run cost -- --docs" -->\n)[\s\S]*?(?=\n<!-- end of cost -->)/;

/** The table of costs of docs/aws.md, as Markdown: a row a service, a column an environment and number of orders. */
export function costTable(): string {
  const estimates = columns.map(({ name, orders }) => estimate(orders, name));
  const head = columns.map(({ name, orders }) => `${name}, ${orders === 0 ? 'idle' : orders.toLocaleString('en-US')}`);
  const names = estimates[0]?.services.map(({ service }) => service) ?? [];
  const rows = names.map((service, index) =>
    row(
      service,
      estimates.map((one) => dollars(one.services[index]?.dollars ?? 0)),
    ),
  );
  return [
    row('dollars a month', head),
    row(
      '---',
      columns.map(() => '--:'),
    ),
    ...rows,
    row('**all**', estimates.map(totalOf)),
  ].join('\n');
}

/** The table as it stands in docs/aws.md now; undefined when the marks around it are gone. */
export function tableInDocs(): string | undefined {
  return between.exec(readFileSync(document, 'utf8'))?.[0];
}

/** Puts the table of today's prices and sizes into docs/aws.md. */
export function writeTable(): void {
  const text = readFileSync(document, 'utf8');
  if (!between.test(text)) throw new Error('docs/aws.md has lost the marks around its table of costs.');
  writeFileSync(document, text.replace(between, costTable));
}

/** Dollars for people: whole ones, and cents below ten. */
export function dollars(amount: number): string {
  return amount < 10 ? amount.toFixed(2) : Math.round(amount).toLocaleString('en-US');
}

function totalOf({ total, rpuHoursRefused }: Estimate): string {
  return `**${dollars(total)}**${rpuHoursRefused > 0 ? ' ¹' : ''}`;
}

function row(first: string, cells: readonly string[]): string {
  return `| ${[first, ...cells].join(' | ')} |`;
}
