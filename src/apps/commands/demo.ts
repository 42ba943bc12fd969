import { existsSync } from 'node:fs';
import { type Command, Option } from 'commander';
import { type Profile, profiles } from '../../../simulator/demand.ts';
import type { SimulatorMessage } from '../../../simulator/messages.ts';
import { startSimulator } from '../../../simulator/start-simulator.ts';
import { configOf, withSettings } from '../command-context.ts';
import { dataFolder } from '../data-folder.ts';
import { type DemoState, readDemoState, writeDemoState } from '../demo-state.ts';
import { type House, openHouse } from '../house.ts';
import { type ProgressLine, progressLine } from '../progress-line.ts';
import { listen, stopAsked, UsageError, untilStopped } from '../serve.ts';
import { positiveNumber, wholeNumber } from '../whole-number.ts';

interface DemoOptions {
  readonly seed: number;
  readonly stores: number;
  readonly historyDays: number;
  readonly rate: number;
  readonly profile: Profile;
}

/** Two million orders of history come at once: larger loads bring them in sooner. */
const historyMegabytes = 1_536;

/** `slicehouse demo`: a server with a simulated chain that posts its past, then its present. */
export function demoCommand(program: Command): void {
  const command = program
    .command('demo')
    .description('Serve a simulated chain: 90 days of history, then live orders (default folder: slicehouse-demo)')
    .option('--seed <number>', 'Same seed, same chain and orders', wholeNumber(0, 2 ** 31), 1)
    .option('--stores <number>', 'Stores of the chain', wholeNumber(52, 20_000), 300)
    .option('--history-days <number>', 'Days before today', wholeNumber(0, 1_000), 90)
    .option('--rate <factor>', 'Times the usual number of live orders', positiveNumber, 1)
    .addOption(new Option('--profile <name>', 'Demand of the live orders').choices([...profiles]).default('normal'));
  withSettings(command).action(async (options: DemoOptions, self: Command) => {
    const config = configOf(self, { dataDir: 'slicehouse-demo', logLevel: 'warn', memoryMegabytes: historyMegabytes });
    refuseRealData(config.dataDir);
    const house = await openHouse(config);
    try {
      await run(house, options);
    } catch (error) {
      await house.close();
      throw error;
    }
  });
}

/** Invented orders never go among real ones. */
function refuseRealData(path: string): void {
  const folder = dataFolder(path);
  if (existsSync(folder.warehouse) && !readDemoState(folder)) {
    throw new UsageError(
      `${path} holds data that is no demonstration's. Choose another folder with --data-dir, or serve it with "slicehouse start".`,
    );
  }
}

const rememberEveryMs = 2_000;

async function run(house: House, options: DemoOptions): Promise<void> {
  let state = readDemoState(house.folder) ?? firstState(options);
  writeDemoState(house.folder, state);
  const startedMs = Date.now();
  const goesOn = state.liveThroughMs > 0;
  const asked = stopAsked();
  const url = await listen(house);
  process.stdout.write(`Slicehouse is ready on ${url}\n`);
  if (state.seed !== options.seed || state.stores !== options.stores) {
    process.stderr.write(`This folder's chain has seed ${state.seed} and ${state.stores} stores; it stays as it is.\n`);
  }
  const progress = progressLine();
  const simulator = startSimulator(
    {
      url,
      seed: state.seed,
      stores: state.stores,
      historyDays: state.historyPosted ? 0 : state.historyDays,
      rate: options.rate,
      profile: options.profile,
      headers: { authorization: `Bearer ${house.localToken}` },
      sinceMs: goesOn ? state.liveThroughMs : startedMs,
    },
    (message) => {
      if (message.type === 'history_posted') state = { ...state, historyPosted: true };
      tell(message, progress, startedMs);
    },
  );
  const remember = setInterval(() => {
    state = { ...state, liveThroughMs: Date.now() - rememberEveryMs };
    writeDemoState(house.folder, state);
  }, rememberEveryMs);
  await untilStopped(house, asked, async () => {
    clearInterval(remember);
    progress.end();
    await simulator.stop();
    writeDemoState(house.folder, state);
  });
}

function firstState({ seed, stores, historyDays }: DemoOptions): DemoState {
  return { seed, stores, historyDays, historyPosted: false, liveThroughMs: 0 };
}

/** What the simulator does, in words, for whoever started it. */
function tell(message: SimulatorMessage, progress: ProgressLine, startedMs: number): void {
  const seconds = Math.round((Date.now() - startedMs) / 1000);
  if (message.type === 'progress') {
    const { ordersPosted, ordersExpected, date } = message;
    const percent = Math.min(99, Math.round((100 * ordersPosted) / ordersExpected));
    progress.show(
      `History: ${percent} %, ${ordersPosted.toLocaleString('en-US')} orders, back to ${date} (${seconds} s)`,
    );
  } else if (message.type === 'history_posted') {
    progress.end();
    process.stderr.write(
      `History: ${message.ordersPosted.toLocaleString('en-US')} orders in ${seconds} s. Live orders follow the clock; stop with Ctrl+C.\n`,
    );
  } else if (message.type === 'waiting') {
    progress.show(`Orders wait: ${message.reason}`);
  } else if (message.type === 'error') {
    progress.end();
    process.stderr.write(`The simulator stopped: ${message.message}\n`);
  }
}
