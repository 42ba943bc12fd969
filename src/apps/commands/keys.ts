import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { Keys, type Role, roles } from '../../http/keys.ts';
import { configOf, withSettings } from '../command-context.ts';
import { announcedServer, dataFolder } from '../data-folder.ts';
import { UsageError } from '../serve.ts';

/** `slicehouse keys create|list|revoke`: who may post orders and read reports. */
export function keysCommand(program: Command): void {
  const keys = program.command('keys').description('Make, list and revoke the keys of a data folder');
  withSettings(keys.command('create').description('Make a key and print it once'), ['dataDir'])
    .requiredOption('--source <name>', 'What orders posted with it have as their source, such as the till system')
    .addOption(new Option('--role <role>', 'What it may do').choices([...roles]).default('ingest'))
    .action(async (options: { source: string; role: Role }, command: Command) => {
      if (!/^[\w.-]{1,64}$/.test(options.source))
        throw new UsageError('--source takes up to 64 letters, digits, dots, dashes and underscores.');
      process.stdout.write(`${await open(command).create(options.source, options.role)}\n`);
      remind(command);
    });
  withSettings(keys.command('list').description('Print the keys, without their secrets'), ['dataDir'])
    .option('--json', 'Print JSON')
    .action((options: { json?: boolean }, command: Command) => {
      const list = open(command)
        .list()
        .map(({ secret_sha256: _, ...shown }) => shown);
      const lines = list.map((key) => `${key.id}  ${key.role.padEnd(6)}  ${key.source}  ${key.created_at}\n`).join('');
      process.stdout.write(options.json ? `${JSON.stringify(list)}\n` : lines || 'There are no keys.\n');
    });
  withSettings(keys.command('revoke <id>').description('Make a key worthless'), ['dataDir']).action(
    async (id: string, _options: unknown, command: Command) => {
      if (!(await open(command).revoke(id)))
        throw new UsageError(`There is no key ${id}. "slicehouse keys list" shows them.`);
      process.stdout.write(`Key ${id} is revoked.\n`);
      remind(command);
    },
  );
}

function open(command: Command): Keys {
  const folder = resolve(configOf(command).dataDir);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return new Keys(folder);
}

function remind(command: Command): void {
  const server = announcedServer(dataFolder(resolve(configOf(command).dataDir)));
  if (server) process.stderr.write(`The server at ${server.url} takes this up within a second.\n`);
}
