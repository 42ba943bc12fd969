import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type MariaDb, testMariaDb } from '../../../test/support/mariadb.ts';
import { failureOf, readAll } from '../../../test/support/reference-source.ts';
import { temporaryFolders } from '../../../test/support/temporary-folders.ts';
import type { SourceError } from '../source.ts';
import { MySqlSource } from './mysql-source.ts';
import { readMySqlMapping } from './read-mapping.ts';

const newFolder = temporaryFolders();

/** A server whose certificate, which nobody vouches for, has a name; and the file of the certificate. */
function testTlsServer(name: string, prepare?: (server: MariaDb) => Promise<void>): [() => MariaDb, () => string] {
  let certificate = '';
  const options = (): string[] => {
    const folder = newFolder();
    certificate = join(folder, 'certificate.pem');
    const key = join(folder, 'key.pem');
    const subject = ['-subj', `/CN=${name}`, '-addext', `subjectAltName=DNS:${name}`];
    const kind = ['-newkey', 'rsa:2048', '-nodes', '-days', '2', '-keyout', key, '-out', certificate];
    execFileSync('openssl', ['req', '-x509', ...kind, ...subject], { stdio: 'ignore' });
    return [`--ssl-cert=${certificate}`, `--ssl-key=${key}`];
  };
  return [testMariaDb({ options, ...(prepare && { prepare }) }), () => certificate];
}

const customersOf = (port: number, password: string, settings: string) =>
  readAll(
    new MySqlSource({
      mapping: readMySqlMapping(
        `connection: { host: localhost, port: ${port}, user: reader, database: shop, ${settings} }`,
        'test.yaml',
      ),
      environment: { SLICEHOUSE_MYSQL_PASSWORD: password },
      retry: { attemptsMax: 2, firstWaitMs: 10, waitMsMax: 10 },
    }),
    'customers',
  );

describe('with TLS', () => {
  const [server, certificate] = testTlsServer('localhost', (mariaDb) =>
    mariaDb.run(
      'CREATE TABLE customers (customer_id INT PRIMARY KEY, state CHAR(2))',
      "INSERT INTO customers VALUES (1, 'TX')",
      "ALTER USER reader@'%' REQUIRE SSL",
    ),
  );
  const read = (settings: string) => customersOf(server().port, server().password, settings);

  it('the server is read when it proves who it is', async () => {
    const { records } = await read(`ca: ${certificate()}`);
    expect(records).toMatchObject([{ customer_id: '1', home_state: 'TX' }]);
  });

  it('it is not read without', async () => {
    expect((await failureOf(read('ssl: off'))).message).toContain('Access denied');
  });

  it('it is not read when nobody vouches for its certificate', async () => {
    const error = (await failureOf(read('ssl: on'))) as SourceError;
    expect(error.kind).toBe('refused');
    expect(error.message).toMatch(/cannot prove who it is: .*certificate.*`ca`/);
  });
});

describe('with a certificate', () => {
  const [server, certificate] = testTlsServer('db.example.com');

  it('of another name, the server is not read', async () => {
    const reading = customersOf(server().port, server().password, `ca: ${certificate()}`);
    const error = (await failureOf(reading)) as SourceError;
    expect(error.message).toMatch(/cannot prove who it is: .*(altname|does not match)/i);
  });
});

describe('without TLS', () => {
  const server = testMariaDb({ options: () => ['--skip-ssl'] });

  it('the server is not read when TLS is asked for', async () => {
    const error = (await failureOf(customersOf(server().port, server().password, 'ssl: on'))) as SourceError;
    expect(error.kind).toBe('refused');
    expect(error.message).toMatch(/does not speak TLS.*`ssl: off`/);
  });
});
