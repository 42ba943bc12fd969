import { Command, CommanderError } from 'commander';
import { SlicehouseError } from '../contract/errors.ts';
import { ConfigError } from '../runtime/config.ts';
import { RequestError } from './client.ts';
import { backupCommand } from './commands/backup.ts';
import { demoCommand } from './commands/demo.ts';
import { exportCommand } from './commands/export.ts';
import { importCommand } from './commands/import.ts';
import { keysCommand } from './commands/keys.ts';
import { quarantineCommand } from './commands/quarantine.ts';
import { rebuildCommand } from './commands/rebuild.ts';
import { receiptCommand } from './commands/receipt.ts';
import { refreshCommand } from './commands/refresh.ts';
import { reportCommand } from './commands/report.ts';
import { restoreCommand } from './commands/restore.ts';
import { simulateCommand } from './commands/simulate.ts';
import { startCommand } from './commands/start.ts';
import { verifyCommand } from './commands/verify.ts';
import { readVersion } from './package-file.ts';
import { UsageError } from './serve.ts';

const exitFailed = 1;
const exitUsage = 2;

/** Runs the command line; leaves the exit code in `process.exitCode`. */
export async function main(argv: readonly string[]): Promise<void> {
  const program = new Command('slicehouse')
    .description('Order analytics for a pizza chain: from a posted order to the state report in under a second')
    .version(readVersion())
    .showHelpAfterError('(--help shows what there is)')
    .configureHelp({ showGlobalOptions: true })
    .exitOverride();
  for (const add of [
    startCommand,
    demoCommand,
    simulateCommand,
    importCommand,
    reportCommand,
    quarantineCommand,
    receiptCommand,
    refreshCommand,
    backupCommand,
    (all: Command) => restoreCommand(all),
    rebuildCommand,
    exportCommand,
    keysCommand,
    verifyCommand,
  ])
    add(program);
  try {
    await program.parseAsync([...argv]);
  } catch (error) {
    process.exitCode = explain(error);
  }
}

/** Says what went wrong, on standard error, and gives the exit code. */
function explain(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : exitUsage;
  const expected = error instanceof Error;
  process.stderr.write(`${expected ? error.message : String(error)}\n`);
  if (error instanceof UsageError || error instanceof ConfigError) return exitUsage;
  if (error instanceof RequestError || error instanceof SlicehouseError) return exitFailed;
  if (process.env['SLICEHOUSE_DEBUG'] && expected) process.stderr.write(`${error.stack}\n`);
  return exitFailed;
}

if (process.argv[1]?.endsWith('cli.ts')) await main(process.argv);
