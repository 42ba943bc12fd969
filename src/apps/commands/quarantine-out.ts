import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import type { Command } from 'commander';
import type { OrderAnswer, QuarantineAnswer, ReplayAllAnswer } from '../../contract/answers.ts';
import { bodyOf, RequestError } from '../client.ts';
import { printable } from '../printable.ts';
import { UsageError } from '../serve.ts';
import { wholeNumber } from '../whole-number.ts';
import { askOnce, faultsOf, pathOf, readJsonFrom, withQuarantine } from './quarantine-client.ts';

const json = { 'content-type': 'application/json' };

interface Selection {
  readonly code?: string;
  readonly source?: string;
  readonly all?: boolean;
  readonly limit?: number;
}

function withSelection(command: Command): Command {
  return withQuarantine(command)
    .option('--code <code>', 'All that wait with this code')
    .option('--source <name>', 'All that wait of this source')
    .option('--all', 'All that wait')
    .option('--limit <number>', 'Of these the oldest, so many', wholeNumber(1, 10_000_000))
    .option('--json', 'Print JSON');
}

/** The body of a call in bulk, or undefined when one record is named. */
function selectionOf(id: string | undefined, { code, source, all, limit }: Selection): Selection | undefined {
  const isBulk = code !== undefined || source !== undefined || all === true;
  if (isBulk === (id !== undefined))
    throw new UsageError('Name one record by its id, or several with --code, --source or --all.');
  if (!isBulk) return undefined;
  return {
    ...(code === undefined ? {} : { code }),
    ...(source === undefined ? {} : { source }),
    ...(all === undefined ? {} : { all }),
    ...(limit === undefined ? {} : { limit }),
  };
}

interface ReplayOptions extends Selection {
  readonly body?: string;
  readonly json?: boolean;
}

/** `slicehouse quarantine replay ID [--body FILE] | --code | --source | --all`: exit code 1 when anything is still wrong. */
export function replayCommand(quarantine: Command): void {
  withSelection(quarantine.command('replay [id]').description('Take a record as an order after all, or all that match'))
    .option('--body <file>', 'The corrected order, instead of what is kept')
    .action(async (id: string | undefined, options: ReplayOptions, command: Command) => {
      const selection = selectionOf(id, options);
      if (selection && options.body !== undefined) throw new UsageError('--body goes with one record.');
      if (selection) await replayAll(selection, options, command);
      else await replayOne(id ?? '', options.body === undefined ? undefined : readText(options.body), options, command);
    });
}

/**
 * Replays one record, as it is or with a corrected body, and says so.
 *
 * @throws RequestError with every fault
 */
export async function replayOne(
  id: string,
  body: string | undefined,
  options: { readonly json?: boolean },
  command: Command,
): Promise<void> {
  if (body?.trim() === '') throw new UsageError('The corrected order is empty.');
  const request = body === undefined ? {} : { headers: json, body };
  const answer = await askOnce(command, (client) => client.send('POST', pathOf(id, '/replay'), request));
  const faults = faultsOf(answer);
  if (faults !== undefined) throw new RequestError(`Still wrong, and still in quarantine:\n${faults.trimEnd()}`);
  const order = JSON.parse(bodyOf(answer).toString()) as OrderAnswer;
  process.stdout.write(
    options.json
      ? `${JSON.stringify(order)}\n`
      : `Order ${printable(order.order_id)}, revision ${order.revision}, is taken. Its receipt is ${order.receipt}\n`,
  );
}

async function replayAll(selection: Selection, options: ReplayOptions, command: Command): Promise<void> {
  const answer = await readJsonFrom<ReplayAllAnswer>(command, (client) =>
    client.send('POST', '/v1/quarantine/replay', { headers: json, body: JSON.stringify(selection) }),
  );
  if (answer.refused_total > 0) process.exitCode = 1;
  if (options.json) {
    process.stdout.write(`${JSON.stringify(answer)}\n`);
    return;
  }
  for (const { id, code, errors } of answer.refused) {
    const faults = errors.map((fault) => `${fault.path || 'the whole'} ${fault.message}`).join('; ');
    process.stdout.write(`${id}  ${printable(`${code}: ${faults}`)}\n`);
  }
  const unsaid = answer.refused_total - answer.refused.length;
  if (unsaid > 0) process.stdout.write(`… and ${unsaid.toLocaleString('en-US')} more.\n`);
  process.stdout.write(
    `${records(answer.replayed)} taken as orders; ${records(answer.refused_total)} still wrong, in quarantine as before.\n`,
  );
}

/** `slicehouse quarantine drop ID | --code | --source | --all [--yes]`. */
export function dropCommand(quarantine: Command): void {
  withSelection(quarantine.command('drop [id]').description('Give a record up, or all that match'))
    .option('--yes', 'Do not ask')
    .action(async (id: string | undefined, options: ReplayOptions & { yes?: boolean }, command: Command) => {
      const selection = selectionOf(id, options);
      if (!selection) {
        const dropped = await readJsonFrom<object>(command, (client) => client.send('DELETE', pathOf(id ?? '')));
        process.stdout.write(options.json ? `${JSON.stringify(dropped)}\n` : `Record ${id} is dropped.\n`);
        return;
      }
      if (!options.yes && !(await confirmed(selection, command))) throw new RequestError('Nothing is dropped.');
      const answer = await readJsonFrom<{ dropped: number }>(command, (client) =>
        client.send('POST', '/v1/quarantine/drop', { headers: json, body: JSON.stringify(selection) }),
      );
      process.stdout.write(options.json ? `${JSON.stringify(answer)}\n` : `${records(answer.dropped)} dropped.\n`);
    });
}

async function confirmed({ code, source, limit }: Selection, command: Command): Promise<boolean> {
  if (!process.stdin.isTTY) throw new UsageError('Say --yes to drop several records where nobody can be asked.');
  const query = new URLSearchParams({
    limit: '1',
    ...(code === undefined ? {} : { code }),
    ...(source === undefined ? {} : { source }),
  });
  const { total } = await readJsonFrom<QuarantineAnswer>(command, (client) =>
    client.send('GET', `/v1/quarantine?${query}`),
  );
  const question = `Drop ${records(Math.min(total, limit ?? total))}? What is dropped cannot be replayed. [y/N] `;
  const asking = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await asking.question(question)).trim());
  } finally {
    asking.close();
  }
}

function records(count: number): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? 'record' : 'records'}`;
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new UsageError(`${path} cannot be read: ${(error as Error).message}.`, { cause: error });
  }
}
