/** The environment variables of the functions, by the names used here. The stacks set them. */
const variables = {
  bucket: 'SLICEHOUSE_BUCKET',
  ordersStream: 'SLICEHOUSE_ORDERS_STREAM',
  rejectsStream: 'SLICEHOUSE_REJECTS_STREAM',
  workgroup: 'SLICEHOUSE_WORKGROUP',
  database: 'SLICEHOUSE_DATABASE',
  copyRole: 'SLICEHOUSE_COPY_ROLE',
  keysSecret: 'SLICEHOUSE_KEYS_SECRET',
  censusSecret: 'SLICEHOUSE_CENSUS_SECRET',
} as const;

/** The name of a setting that a function cannot do without. */
export type CloudSetting = keyof typeof variables;

/**
 * Reads the settings that a function cannot do without.
 *
 * @throws Error naming every variable that is not set
 */
export function readSettings<Name extends CloudSetting>(
  names: readonly Name[],
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Readonly<Record<Name, string>> {
  const missing = names.map((name) => variables[name]).filter((variable) => !environment[variable]);
  if (missing.length > 0) throw new Error(`These environment variables are not set: ${missing.join(', ')}.`);
  return Object.fromEntries(names.map((name) => [name, environment[variables[name]]])) as Record<Name, string>;
}

/** A setting that has a default. */
export function readOptional(
  variable:
    | 'SLICEHOUSE_DATABASE_SECRET'
    | 'SLICEHOUSE_REFRESH_ZONE'
    | 'SLICEHOUSE_SYNONYMS'
    | 'SLICEHOUSE_VERSION'
    | 'SLICEHOUSE_CENSUS_URL',
  defaultValue: string,
): string {
  return process.env[variable] || defaultValue;
}
