import { readFile } from 'node:fs/promises';
import type { ConnectionOptions } from 'mysql2';
import { SourceError } from '../source.ts';
import type { Connection } from './mapping-schema.ts';

/** The environment as the composition root hands it on. */
export type Environment = Readonly<Record<string, string | undefined>>;

export const passwordVariable = 'SLICEHOUSE_MYSQL_PASSWORD';
const defaultPort = 3306;

/** Where the server is, for messages. */
export function placeOf({ host, port, database }: Connection): string {
  return `MySQL ${database} at ${host}:${port ?? defaultPort}`;
}

/** Whether a host is this machine, so that nothing travels over a network. */
function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

/**
 * What mysql2 needs to connect once. Tokens of IAM last 15 minutes, so this is asked again for every connection.
 *
 * @throws SourceError when there is no password, or a file cannot be read
 */
export async function connectionOptions(connection: Connection, environment: Environment): Promise<ConnectionOptions> {
  const { host, port = defaultPort, user, database, auth } = connection;
  const ssl = await tlsOptions(connection);
  return {
    host,
    port,
    user,
    database,
    password: auth === 'iam' ? await iamToken(connection) : await passwordOf(connection, environment),
    ...(ssl && { ssl }),
    // The token goes to RDS as it is, which only the plugin for clear text does; TLS is sure by then.
    enableCleartextPlugin: auth === 'iam',
    charset: 'utf8mb4',
    timezone: 'Z',
    dateStrings: true,
    supportBigNumbers: true,
    jsonStrings: true,
    multipleStatements: false,
    // Otherwise a server could ask for files of this machine.
    flags: ['-LOCAL_FILES'],
    connectTimeout: 10_000,
  };
}

/** Whether a connection is encrypted: unless the mapping says so, when it leaves this machine. */
export function usesTls({ host, ssl, ca }: Connection): boolean {
  return ssl === undefined ? ca !== undefined || !isLoopback(host) : ssl === 'on';
}

async function tlsOptions(connection: Connection): Promise<ConnectionOptions['ssl']> {
  if (!usesTls(connection)) return undefined;
  const { ca } = connection;
  return {
    minVersion: 'TLSv1.2',
    rejectUnauthorized: true,
    verifyIdentity: true,
    ...(ca !== undefined && { ca: await readSetting('connection.ca', ca) }),
  };
}

async function passwordOf({ password_file }: Connection, environment: Environment): Promise<string> {
  if (password_file !== undefined) {
    return (await readSetting('connection.password_file', password_file)).replace(/\r?\n$/, '');
  }
  const password = environment[passwordVariable];
  if (password !== undefined) return password;
  throw new SourceError(
    `There is no password: set ${passwordVariable}, or name a file with connection.password_file.`,
    { kind: 'mapping' },
  );
}

async function readSetting(path: string, file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new SourceError(`${path} names a file that cannot be read: ${(error as Error).message}`, {
      kind: 'mapping',
      cause: error,
    });
  }
}

/** Signs a login with the credentials that the AWS SDK finds; the SDK is only loaded for those who use it. */
async function iamToken({ host, port = defaultPort, user, region }: Connection): Promise<string> {
  const { Signer } = await import('@aws-sdk/rds-signer');
  try {
    return await new Signer({
      hostname: host,
      port,
      username: user,
      ...(region !== undefined && { region }),
    }).getAuthToken();
  } catch (error) {
    const message = `No IAM token for ${user}: ${(error as Error).message}`;
    throw new SourceError(message, { kind: 'refused', cause: error });
  }
}
