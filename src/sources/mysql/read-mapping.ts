import { isIP } from 'node:net';
import { Compile } from 'typebox/compile';
import { Settings } from 'typebox/system';
import { parseDocument } from 'yaml';
import type { Fault } from '../../contract/errors.ts';
import { referenceTables, SourceError } from '../source.ts';
import { usesTls } from './connection-options.ts';
import { entities } from './entities.ts';
import { mappingMistakes } from './mapping-mistakes.ts';
import { type MySqlMapping, MySqlMappingSchema } from './mapping-schema.ts';

const checked = Compile(MySqlMappingSchema);

/**
 * Reads the mapping of a MySQL server from YAML text; `name` is what to call it in messages.
 *
 * @throws SourceError of kind `mapping`, naming every mistake
 */
export function readMySqlMapping(text: string, name: string): MySqlMapping {
  const document = parseDocument(text, { prettyErrors: false, stringKeys: true });
  const [error] = document.errors;
  if (error) {
    // The words of the parser may quote the text, and with it a password.
    const line = text.slice(0, error.pos[0]).split('\n').length;
    throw new SourceError(`${name} is not valid YAML at line ${line} (${error.code}).`, { kind: 'mapping' });
  }
  const value: unknown = document.toJS() ?? {};
  if (!checked.Check(value)) {
    refuse(name, mappingMistakes(allErrors(value)));
    throw new SourceError(`${name} is not a mapping.`, { kind: 'mapping' });
  }
  refuse(name, [...zoneMistakes(value), ...connectionMistakes(value), ...sectionMistakes(value)]);
  return value;
}

/** All there are: by default a check gives up after eight, which are fewer mistakes still. */
function allErrors(value: unknown): ReturnType<typeof checked.Errors> {
  const { maxErrors } = Settings.Get();
  Settings.Set({ maxErrors: 1_000 });
  try {
    return checked.Errors(value);
  } finally {
    Settings.Set({ maxErrors });
  }
}

function refuse(name: string, faults: readonly Fault[]): void {
  if (faults.length === 0) return;
  const count = faults.length === 1 ? 'a mistake' : `${faults.length} mistakes`;
  throw new SourceError(`The mapping ${name} has ${count}:`, { kind: 'mapping', faults });
}

function zoneMistakes({ zone }: MySqlMapping): Fault[] {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: zone });
    return [];
  } catch {
    return [{ path: 'zone', message: 'must be an IANA time zone such as America/Chicago.' }];
  }
}

function connectionMistakes({ connection }: MySqlMapping): Fault[] {
  const { auth, region, ssl, host, password_file, ca } = connection;
  const faults: Fault[] = [];
  const add = (member: string, message: string) => faults.push({ path: `connection.${member}`, message });
  if (usesTls(connection) && isIP(host) > 0) {
    add('host', 'must be the name that the certificate of the server has, or say `ssl: off` if the way to it is safe.');
  }
  if (auth === 'iam' && region === undefined) add('region', 'is needed for auth: iam, such as us-east-1.');
  if (auth === 'iam' && !usesTls(connection)) {
    add('ssl', 'must be on for auth: iam, whose token travels as it is.');
  }
  if (auth === 'iam' && password_file !== undefined) add('password_file', 'has no use with auth: iam.');
  if (auth !== 'iam' && region !== undefined) add('region', 'has no use without auth: iam.');
  if (ca !== undefined && ssl === 'off') add('ca', 'has no use with ssl: off.');
  return faults;
}

/** Expected columns cannot be left out. */
function sectionMistakes(mapping: MySqlMapping): Fault[] {
  const faults: Fault[] = [];
  for (const table of referenceTables) {
    const section = mapping[table];
    const columns = (section === undefined || section === false ? undefined : section.columns) ?? {};
    for (const [field, { isExpected }] of Object.entries(entities[table].fields)) {
      if (isExpected && columns[field] === false) {
        faults.push({
          path: `${table}.columns.${field}`,
          message: `is needed; \`${table}: false\` leaves all of them out.`,
        });
      }
    }
  }
  return faults;
}
