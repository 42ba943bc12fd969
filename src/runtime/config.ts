import { existsSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';

/** One setting: where it comes from follows from its name (`dataDir`: --data-dir, SLICEHOUSE_DATA_DIR, `dataDir:`). */
interface Setting<T> {
  readonly description: string;
  readonly defaultValue: T;
  /** The value, or undefined when what is written is not allowed. */
  read(written: unknown): T | undefined;
  /** What is allowed, to follow "must be". */
  readonly allowed: string;
}

function wholeNumber(description: string, defaultValue: number, min: number, max: number): Setting<number> {
  return {
    description,
    defaultValue,
    read: (written) => {
      const value = typeof written === 'string' && /^\d+$/.test(written) ? Number(written) : written;
      return typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max ? value : undefined;
    },
    allowed: `a whole number from ${min} to ${max}`,
  };
}

function text(description: string, defaultValue: string): Setting<string> {
  return {
    description,
    defaultValue,
    read: (written) => (typeof written === 'string' && written !== '' ? written : undefined),
    allowed: 'a text',
  };
}

function oneOf<T extends string>(description: string, defaultValue: T, values: readonly T[]): Setting<T> {
  return {
    description,
    defaultValue,
    read: (written) => values.find((value) => value === written),
    allowed: `one of ${values.join(', ')}`,
  };
}

export type SynonymTables = Record<string, Record<string, string[]>>;

/** Every setting there is. Only what is listed here is read from the environment. */
export const settings = {
  dataDir: text('Folder of everything that is kept', 'slicehouse-data'),
  host: text('Address to listen on; other than loopback needs keys', '127.0.0.1'),
  port: wholeNumber('Port to listen on; 0 takes a free one', 8080, 0, 65_535),
  logLevel: oneOf('How much to log', 'info', ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']),
  sealAfterMs: wholeNumber('A segment file is sealed this many milliseconds after its first record', 200, 10, 60_000),
  sealMegabytes: wholeNumber('… or when it has this many MiB', 16, 1, 1_024),
  keepMegabytes: wholeNumber('Loaded segment files are archived beyond this many MiB of them', 256, 1, 10_000_000),
  archiveDays: wholeNumber('The archive is kept for this many business days; 0 keeps it for ever', 0, 0, 36_500),
  backlogMegabytes: wholeNumber('Orders are refused while more MiB than this wait to be loaded', 512, 1, 1_000_000),
  reserveMegabytes: wholeNumber('Orders are refused while fewer MiB than this are free on the disk', 512, 0, 1_000_000),
  memoryMegabytes: wholeNumber('Memory for the warehouse in MiB', 384, 256, 1_000_000),
  quarantineDays: wholeNumber('Replayed and dropped records stay in quarantine for this many days', 90, 1, 36_500),
  refreshHour: wholeNumber('Hour of the daily refresh, on the clock of refreshZone', 2, 0, 23),
  refreshZone: {
    description: 'Time zone of the daily refresh',
    defaultValue: 'America/New_York',
    read: readZone,
    allowed: 'an IANA time zone such as America/Chicago',
  } satisfies Setting<string>,
  alertWebhook: {
    description: 'Address that is posted to when a refresh or a data check fails',
    defaultValue: '',
    read: readWebAddress,
    allowed: 'an http or https address',
  } satisfies Setting<string>,
  mysqlMapping: text('YAML file that says where stores and customers are in MySQL; none by default', ''),
  sourceFolder: text('Folder with stores.csv, customers.csv or the like, if there is no MySQL; none by default', ''),
  censusKey: text('Key of the Census API, for newer figures; environment or config file', ''),
  synonyms: {
    description: 'Extends the synonyms of crusts, sauces, cheeses, sizes and toppings (config file only)',
    defaultValue: {},
    read: readSynonyms,
    allowed: 'a table such as {topping: {pepperoni: [pepp, roni]}}',
  } satisfies Setting<SynonymTables>,
};

export type Config = { readonly [Name in keyof typeof settings]: (typeof settings)[Name]['defaultValue'] };
export type SettingName = keyof Config;

/** Where values may be written, the first that has one counts. */
export interface ConfigSources {
  readonly flags: Readonly<Record<string, unknown>>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Path of a YAML or JSON file. */
  readonly file: string | undefined;
}

/** A mistake in the settings; the message names every one of them. */
export class ConfigError extends Error {}

/** The environment variable of a setting: `dataDir` is SLICEHOUSE_DATA_DIR. */
export function environmentName(name: string): string {
  return `SLICEHOUSE_${name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
}

/**
 * Reads all settings together.
 *
 * @throws ConfigError naming every mistake, where it stands and what is allowed
 */
export function readConfig({ flags, environment, file }: ConfigSources): Config {
  const inFile = file === undefined ? {} : readConfigFile(file);
  const mistakes = Object.keys(inFile)
    .filter((name) => !Object.hasOwn(settings, name))
    .map((name) => `${file}: '${name}' is not a setting; there are ${Object.keys(settings).join(', ')}.`);
  const values: Record<string, unknown> = {};
  for (const [name, setting] of Object.entries(settings) as [SettingName, Setting<unknown>][]) {
    const [place, written] = firstWritten(name, flags, environment, inFile, file);
    const value = written === undefined ? setting.defaultValue : setting.read(written);
    if (value === undefined) mistakes.push(`${place} must be ${setting.allowed}; it is '${String(written)}'.`);
    values[name] = value;
  }
  if (mistakes.length > 0) throw new ConfigError(mistakes.join('\n'));
  return values as Config;
}

function firstWritten(
  name: string,
  flags: ConfigSources['flags'],
  environment: ConfigSources['environment'],
  inFile: Readonly<Record<string, unknown>>,
  file: string | undefined,
): [string, unknown] {
  if (flags[name] !== undefined)
    return [`--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`, flags[name]];
  const variable = environmentName(name);
  if (environment[variable] !== undefined && environment[variable] !== '') return [variable, environment[variable]];
  return [`${file}: ${name}`, inFile[name]];
}

function readConfigFile(path: string): Record<string, unknown> {
  if (!existsSync(path)) throw new ConfigError(`The config file ${path} does not exist.`);
  try {
    const content: unknown = parse(readFileSync(path, 'utf8')) ?? {};
    if (typeof content === 'object' && !Array.isArray(content)) return content as Record<string, unknown>;
  } catch (error) {
    throw new ConfigError(`The config file ${path} is not valid YAML: ${(error as Error).message}`, { cause: error });
  }
  throw new ConfigError(`The config file ${path} must hold settings by name.`);
}

function readZone(written: unknown): string | undefined {
  try {
    return typeof written === 'string'
      ? new Intl.DateTimeFormat('en-US', { timeZone: written }).resolvedOptions().timeZone && written
      : undefined;
  } catch {
    return undefined;
  }
}

function readWebAddress(written: unknown): string | undefined {
  if (typeof written !== 'string' || !URL.canParse(written)) return undefined;
  return /^https?:$/.test(new URL(written).protocol) ? written : undefined;
}

function readSynonyms(written: unknown): SynonymTables | undefined {
  if (typeof written !== 'object' || written === null) return undefined;
  const lists = Object.values(written).flatMap((table) =>
    typeof table === 'object' && table !== null ? Object.values(table) : [undefined],
  );
  return lists.every((list) => Array.isArray(list) && list.every((term) => typeof term === 'string'))
    ? (written as SynonymTables)
    : undefined;
}
