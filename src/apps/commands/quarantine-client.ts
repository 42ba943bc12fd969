import type { Command } from 'commander';
import type { Problem } from '../../contract/answers.ts';
import { type Answer, bodyOf, type Client, connect } from '../client.ts';
import { configOf, withSettings } from '../command-context.ts';
import { printable } from '../printable.ts';
import { UsageError } from '../serve.ts';

/** Adds what every command of quarantine takes. */
export function withQuarantine(command: Command): Command {
  return withSettings(command, ['dataDir']);
}

/** Asks the server of the command's data folder, or the folder itself, and lets go of it again. */
export async function askOnce(command: Command, send: (client: Client) => Promise<Answer>): Promise<Answer> {
  const client = await connect(configOf(command, { logLevel: 'warn' }));
  try {
    return await send(client);
  } finally {
    await client.close();
  }
}

/** @throws RequestError with what the server said */
export async function readJsonFrom<T>(command: Command, send: (client: Client) => Promise<Answer>): Promise<T> {
  return JSON.parse(bodyOf(await askOnce(command, send)).toString()) as T;
}

/** The address of a record. */
export function pathOf(id: string, action = ''): string {
  if (!/^[\w-]{1,64}$/.test(id))
    throw new UsageError(`'${printable(id)}' is no id of a record. "slicehouse quarantine" shows the ids.`);
  return `/v1/quarantine/${id}${action}`;
}

/** The faults of an order that was refused, a line each; undefined for every other answer. */
export function faultsOf(answer: Answer): string | undefined {
  if (answer.status !== 422) return undefined;
  const { errors = [] } = JSON.parse(answer.body.toString()) as Problem;
  if (errors.length === 0) return undefined;
  return errors.map(({ path, message }) => `  ${printable(`${path || 'the whole'} ${message}`)}\n`).join('');
}
