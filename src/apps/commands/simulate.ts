import { type Command, Option } from 'commander';
import { type Profile, profiles } from '../../../simulator/demand.ts';
import type { SimulatorMessage } from '../../../simulator/messages.ts';
import { startSimulator } from '../../../simulator/start-simulator.ts';
import { configOf, withSettings } from '../command-context.ts';
import { announcedServer, dataFolder } from '../data-folder.ts';
import { type ProgressLine, progressLine } from '../progress-line.ts';
import { UsageError } from '../serve.ts';
import { duration, positiveNumber, wholeNumber } from '../whole-number.ts';

interface SimulateOptions {
  readonly url?: string;
  readonly seed: number;
  readonly stores: number;
  readonly historyDays: number;
  readonly rate: number;
  readonly profile: Profile;
  readonly for?: number;
}

/** `slicehouse simulate`: a chain of stores that posts orders to a server, over HTTP like any till. */
export function simulateCommand(program: Command): void {
  const command = program
    .command('simulate')
    .description('Post the orders of a simulated chain to a running server')
    .option('--url <address>', 'The server; default the one of the data folder. A key goes into SLICEHOUSE_KEY')
    .option('--seed <number>', 'Same seed, same orders', wholeNumber(0, 2 ** 31), 1)
    .option('--stores <number>', 'Stores of the chain', wholeNumber(52, 20_000), 300)
    .option('--history-days <number>', 'Days before today to post first', wholeNumber(0, 1_000), 0)
    .option('--rate <factor>', 'Times the usual number of live orders', positiveNumber, 1)
    .addOption(new Option('--profile <name>', 'Demand of the live orders').choices([...profiles]).default('normal'))
    .option('--for <duration>', 'Stop after this long, such as 90s, 10m, 2h', duration);
  withSettings(command, ['dataDir']).action((options: SimulateOptions, self: Command) =>
    simulate(options, configOf(self).dataDir),
  );
}

async function simulate(options: SimulateOptions, dataDir: string): Promise<void> {
  const server = options.url === undefined ? announcedServer(dataFolder(dataDir)) : undefined;
  const url = options.url ?? server?.url;
  if (url === undefined)
    throw new UsageError(`No server runs on ${dataDir}. Start one ("slicehouse start"), or name one with --url.`);
  const token = process.env['SLICEHOUSE_KEY'] ?? server?.token;
  const progress = progressLine();
  let failed: string | undefined;
  const { seed, stores, historyDays, rate, profile } = options;
  const headers = token === undefined ? undefined : { authorization: `Bearer ${token}` };
  const simulator = startSimulator({ url, seed, stores, historyDays, rate, profile, headers }, (message) => {
    if (message.type === 'error') failed = message.message;
    tell(message, progress);
  });
  const stop = (): void => void simulator.stop();
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  const timer = options.for === undefined ? undefined : setTimeout(stop, options.for);
  await simulator.ended;
  clearTimeout(timer);
  progress.end();
  if (failed !== undefined) throw new Error(`The simulator stopped: ${failed}`);
}

function tell(message: SimulatorMessage, progress: ProgressLine): void {
  if (message.type === 'live')
    progress.show(`Live: ${message.accepted} accepted, ${message.rejected} refused, last ${message.last.orderId}`);
  if (message.type === 'progress')
    progress.show(
      `History: ${message.ordersPosted} of about ${message.ordersExpected} orders, back to ${message.date}`,
    );
  if (message.type === 'waiting') progress.show(`Orders wait: ${message.reason}`);
}
