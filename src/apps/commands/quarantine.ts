import { type Command, Option } from 'commander';
import { type QuarantineAnswer, type QuarantinedRecord, quarantineStatuses } from '../../contract/answers.ts';
import type { Client } from '../client.ts';
import { printable } from '../printable.ts';
import { wholeNumber } from '../whole-number.ts';
import { pathOf, readJsonFrom, withQuarantine } from './quarantine-client.ts';
import { editCommand } from './quarantine-edit.ts';
import { dropCommand, replayCommand } from './quarantine-out.ts';

/** `slicehouse quarantine`: list, show, edit, replay and drop the records that could not be taken. */
export function quarantineCommand(program: Command): void {
  const quarantine = program
    .command('quarantine')
    .description('Records that could not be taken: list, show, edit, replay and drop them');
  listCommand(quarantine);
  showCommand(quarantine);
  editCommand(quarantine);
  replayCommand(quarantine);
  dropCommand(quarantine);
}

interface ListOptions {
  readonly status: string;
  readonly code?: string;
  readonly source?: string;
  readonly limit: number;
  readonly json?: boolean;
}

function listCommand(quarantine: Command): void {
  withQuarantine(
    quarantine.command('list', { isDefault: true }).description('List them, newest first, with file and row or time'),
  )
    .addOption(
      new Option('--status <status>', 'What became of them').choices([...quarantineStatuses, 'all']).default('waiting'),
    )
    .option('--code <code>', 'Only records with this code, such as invalid_order')
    .option('--source <name>', 'Only records of this source')
    .option('--limit <number>', 'Records, the newest', wholeNumber(1, 1_000), 100)
    .option('--json', 'Print the JSON of GET /v1/quarantine')
    .action(async (options: ListOptions, command: Command) => {
      const query = new URLSearchParams({ status: options.status, limit: String(options.limit) });
      if (options.code !== undefined) query.set('code', options.code);
      if (options.source !== undefined) query.set('source', options.source);
      const answer = await readJsonFrom<QuarantineAnswer>(command, (client) =>
        client.send('GET', `/v1/quarantine?${query}`),
      );
      process.stdout.write(options.json ? `${JSON.stringify(answer)}\n` : listed(answer));
    });
}

function listed({ quarantine, total }: QuarantineAnswer): string {
  if (total === 0) return 'Nothing is in quarantine.\n';
  const lines = quarantine.map(({ id, source, code, reason, origin, accepted_at, status }) => {
    const became = status === 'waiting' ? '' : `  ${status}`;
    return `${id}  ${printable(source)}  ${printable(origin ?? accepted_at)}${became}  ${printable(`${code}: ${reason}`)}\n`;
  });
  const more = total - quarantine.length;
  if (more > 0) lines.push(`… and ${more.toLocaleString('en-US')} more, older.\n`);
  return lines.join('');
}

function showCommand(quarantine: Command): void {
  withQuarantine(quarantine.command('show <id>').description('Show a record, and what is wrong with it now'))
    .option('--raw', 'Print its exact bytes and nothing else')
    .option('--json', 'Print the JSON of GET /v1/quarantine/{id}')
    .action(async (id: string, options: { raw?: boolean; json?: boolean }, command: Command) => {
      const record = await readJsonFrom<QuarantinedRecord>(command, (client: Client) => client.send('GET', pathOf(id)));
      if (options.raw) process.stdout.write(Buffer.from(record.bytes_base64, 'base64'));
      else process.stdout.write(options.json ? `${JSON.stringify(record)}\n` : shown(record));
    });
}

function shown(record: QuarantinedRecord): string {
  const { id, source, code, reason, origin, accepted_at, arrivals, status, resolved_at, bytes, text, faults } = record;
  const fields = {
    id,
    source,
    origin: origin ?? 'HTTP',
    'first came': accepted_at,
    arrivals: String(arrivals),
    status: resolved_at === null ? status : `${status} ${resolved_at}`,
    [code]: reason,
    bytes: bytes.toLocaleString('en-US'),
  };
  const width = Math.max(...Object.keys(fields).map((name) => name.length));
  const lines = Object.entries(fields).map(([name, value]) => printable(`${name.padEnd(width)}  ${value}`));
  const now =
    faults.length === 0
      ? ['Nothing is wrong with it now: "slicehouse quarantine replay" takes it.']
      : ['Wrong with it now:', ...faults.map((fault) => printable(`  ${fault.path || 'the whole'} ${fault.message}`))];
  const body = text === null ? '(The bytes are not UTF-8; --raw prints them.)' : printable(text, { keepsLines: true });
  return `${[...lines, '', body, '', ...(status === 'waiting' ? now : [])].join('\n').trimEnd()}\n`;
}
