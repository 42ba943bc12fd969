import type { Command } from 'commander';
import type { Receipt } from '../../contract/answers.ts';
import { bodyOf, connect } from '../client.ts';
import { configOf, withSettings } from '../command-context.ts';
import { printable } from '../printable.ts';

/** `slicehouse receipt <receipt>`: how far an order, or a record in quarantine, has come. */
export function receiptCommand(program: Command): void {
  withSettings(program.command('receipt <receipt>').description('Tell how far an order has come, by its receipt'), [
    'dataDir',
  ])
    .option('--json', 'Print JSON')
    .action(async (receipt: string, options: { json?: boolean }, command: Command) => {
      const client = await connect(configOf(command, { logLevel: 'warn' }));
      try {
        const path = `/v1/receipts/${encodeURIComponent(receipt)}`;
        const answer = JSON.parse(bodyOf(await client.send('GET', path)).toString()) as Receipt;
        process.stdout.write(options.json ? `${JSON.stringify(answer)}\n` : told(answer));
      } finally {
        await client.close();
      }
    });
}

function told({ order_id, revision, source, outcome, duplicates, ...times }: Receipt): string {
  const what = order_id === null ? 'A record in quarantine' : `Order ${order_id}, revision ${revision}`;
  const again = duplicates === 0 ? '' : `, came again ${duplicates === 1 ? 'once' : `${duplicates} times`}`;
  const stages = (['accepted', 'delivered', 'loaded', 'visible', 'resolved'] as const).flatMap((stage) =>
    times[stage] === null ? [] : [`${stage.padEnd(9)}  ${times[stage]}`],
  );
  const first = printable(`${what}, of ${source}: ${outcome.replace('_', ' ')}${again}`);
  return `${[first, ...stages].join('\n')}\n`;
}
