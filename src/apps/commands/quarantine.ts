import type { Command } from 'commander';
import { bodyOf, connect } from '../client.ts';
import { configOf, withSettings } from '../command-context.ts';

interface Quarantined {
  readonly id: string;
  readonly source: string;
  readonly code: string;
  readonly reason: string;
  readonly origin: string | null;
  readonly accepted_at: string;
}

/** `slicehouse quarantine`: the records that could not be taken, newest first. */
export function quarantineCommand(program: Command): void {
  withSettings(
    program.command('quarantine').description('List records that could not be taken, with file and row or time'),
    ['dataDir'],
  )
    .option('--json', 'Print JSON, with the exact bytes in base64')
    .action(async (options: { json?: boolean }, command: Command) => {
      const client = await connect(configOf(command, { logLevel: 'warn' }));
      try {
        const { quarantine } = JSON.parse(bodyOf(await client.send('GET', '/v1/quarantine')).toString()) as {
          quarantine: Quarantined[];
        };
        const lines = quarantine.map(
          ({ id, source, code, reason, origin, accepted_at }) =>
            `${id}  ${source}  ${origin ?? accepted_at}  ${code}: ${reason}\n`,
        );
        process.stdout.write(
          options.json ? `${JSON.stringify(quarantine)}\n` : lines.join('') || 'Nothing is in quarantine.\n',
        );
      } finally {
        await client.close();
      }
    });
}
