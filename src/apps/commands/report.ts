import { type Command, Option } from 'commander';
import type { Column, ReportAnswer } from '../../contract/report.ts';
import { catalogue, findReport } from '../../reports/catalogue.ts';
import type { Row } from '../../warehouse/warehouse.ts';
import { bodyOf, connect } from '../client.ts';
import { configOf, withSettings } from '../command-context.ts';
import { formatTable } from '../format-table.ts';

/** `slicehouse report <name>`: a subcommand for each report, with an option for each of its parameters. */
export function reportCommand(program: Command): void {
  const reports = program.command('report').description('Print a report');
  for (const report of catalogue) {
    const command = withSettings(reports.command(report.name).description(report.description), ['dataDir']);
    for (const [name, parameter] of Object.entries(report.parameters)) {
      command.option(`--${name} <value>`, (parameter.schema as { description?: string }).description ?? '');
    }
    command.addOption(
      new Option('--format <format>', 'How to print it').choices(['table', 'json', 'csv']).default('table'),
    );
    command.option('--json', 'The same as --format json');
    command.action(async (options: Record<string, string | true>, self: Command) => print(report.name, options, self));
  }
}

async function print(name: string, options: Record<string, string | true>, command: Command): Promise<void> {
  const report = findReport(name);
  const query = new URLSearchParams();
  for (const parameter of Object.keys(report.parameters)) {
    const written = options[parameter];
    if (typeof written === 'string') query.set(parameter, written);
  }
  const format = options['json'] ? 'json' : String(options['format']);
  query.set('format', format === 'csv' ? 'csv' : 'json');
  const client = await connect(configOf(command, { logLevel: 'warn' }));
  try {
    const body = bodyOf(await client.send('GET', `/v1/reports/${name}?${query}`));
    process.stdout.write(
      format === 'table'
        ? table(report.columns, JSON.parse(body.toString()) as ReportAnswer<Row>)
        : `${body.toString().trimEnd()}\n`,
    );
  } finally {
    await client.close();
  }
}

function table(columns: readonly Column[], { rows, freshness }: ReportAnswer<Row>): string {
  const through = freshness.visible_through
    ? `Orders accepted up to ${freshness.visible_through} are counted.`
    : 'No order has been taken yet.';
  if (rows.length === 0) return `Nothing was sold in this selection.\n${through}\n`;
  // The label says what the parts of a combination say one by one.
  const shown = columns.filter(
    (column) => !['combination', 'crust', 'sauce', 'cheese', 'toppings'].includes(column.name),
  );
  return `${formatTable(shown, rows)}${through}\n`;
}
