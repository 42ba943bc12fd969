import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { temporaryFolders } from '../../../test/support/temporary-folders.ts';
import { connectionOptions } from './connection-options.ts';
import type { Connection } from './mapping-schema.ts';
import { MySqlSource } from './mysql-source.ts';
import { readMySqlMapping } from './read-mapping.ts';

const newFolder = temporaryFolders();
const connection = 'connection: { host: localhost, user: reader, database: shop }';
const mistakesOf = (text: string): string => {
  try {
    readMySqlMapping(text, 'm.yaml');
    return 'none';
  } catch (error) {
    return (error as Error).message;
  }
};
const remote = (changes: Partial<Connection> = {}): Connection => ({
  host: 'db.example.com',
  user: 'reader',
  database: 'shop',
  ...changes,
});

describe('a mapping', () => {
  it('needs a connection only', () => {
    expect(readMySqlMapping(connection, 'm.yaml')).toEqual({
      connection: { host: 'localhost', user: 'reader', database: 'shop' },
    });
  });

  it('that the documentation prints is one', () => {
    const page = readFileSync(new URL('../../../docs/mysql.md', import.meta.url), 'utf8');
    const printed = [...page.matchAll(/```yaml\n([^`]*)```/g)].map(([, text = '']) => text);
    expect(printed.length).toBeGreaterThanOrEqual(2);
    for (const text of printed) expect(mistakesOf(text)).toBe('none');
  });

  it('names every mistake at once', () => {
    const message = mistakesOf(`
connection: { host: 10.0.0.7, user: reader, database: shop, ssl: maybe, port: many, paswd: x }
overlap_minutes: 0
stores: yes
customers: { table: people, where: "1 = 1", columns: { states: region } }`);
    expect(message.split('\n')).toEqual([
      'The mapping m.yaml has 7 mistakes:',
      expect.stringMatching(/^ {2}connection\.paswd: is not a member here; there are host, port, user, database/),
      '  connection.port: must be a whole number.',
      '  connection.ssl: must be one of on, off.',
      expect.stringMatching(/^ {2}overlap_minutes: must be >= 1\.$/),
      '  stores: must be a table of `member: value` or false.',
      '  customers.where: is not a member here; there are table, watermark, columns.',
      '  customers.columns.states: is not a member here; there are customer_id, state, city, zip.',
    ]);
  });

  it.each([
    ['no connection', 'zone: UTC', /connection: is missing/],
    ['nothing', '', /connection: is missing/],
    ['broken YAML', `${connection}\nstores: [`, /^m\.yaml is not valid YAML at line 2/],
    ['a zone that is none', `${connection}\nzone: Mars`, /zone: must be an IANA time zone/],
    ['TLS by address', connection.replace('localhost', '10.0.0.7'), /connection\.host: must be the name/],
    ['iam without region', connection.replace('user', 'ssl: on, auth: iam, user'), /connection\.region: is needed/],
    [
      'iam without TLS',
      connection.replace('user', 'region: us-east-1, auth: iam, user'),
      /connection\.ssl: must be on/,
    ],
    ['a ca without TLS', connection.replace('user', 'ca: x, ssl: off, user'), /connection\.ca: has no use/],
    [
      'no column for what is needed',
      `${connection}\nstores: { columns: { state: false } }`,
      /stores\.columns\.state: is needed/,
    ],
  ])('is refused with %s', (_what, text, message) => expect(mistakesOf(text)).toMatch(message));

  it.each([
    `${connection.replace('user', 'password: hunter2, user')}`,
    `${connection}\npassword: hunter2`,
    `${connection}\npassword: "hunter2`,
    `${connection}\ncustomers: { token: hunter2 }`,
    'hunter2',
  ])('never shows a password that is written into it', (text) => {
    const message = mistakesOf(text);
    expect(message).not.toBe('none');
    expect(message).not.toContain('hunter2');
  });

  it('tells which tables there are', () => {
    const tables = (text: string) =>
      new MySqlSource({ mapping: readMySqlMapping(`${connection}\n${text}`, 'm.yaml'), environment: {} }).tables;
    expect(tables('')).toEqual(['stores', 'customers']);
    expect(tables('stores: false\nmenu_items: { table: menu }')).toEqual(['customers', 'menu_items']);
  });
});

describe('a connection', () => {
  afterEach(() => vi.unstubAllEnvs());
  const environment = { SLICEHOUSE_MYSQL_PASSWORD: 'from the variable' };

  it.each([
    ['another machine', remote(), true],
    ['another machine, by will', remote({ ssl: 'off' }), false],
    ['this machine', remote({ host: 'localhost' }), false],
    ['this machine by address', remote({ host: '127.1.2.3' }), false],
    ['a name that only looks like it', remote({ host: '127.0.0.1.example.com' }), true],
    ['this machine, by will', remote({ host: 'localhost', ssl: 'on' }), true],
  ])('to %s: TLS is verified or off', async (_where, mapped, isOn) => {
    const { ssl } = await connectionOptions(mapped, environment);
    expect(ssl).toEqual(isOn ? { minVersion: 'TLSv1.2', rejectUnauthorized: true, verifyIdentity: true } : undefined);
  });

  it('takes the password from a file, else from the variable', async () => {
    const file = join(newFolder(), 'password');
    writeFileSync(file, 'from the file\n');
    expect((await connectionOptions(remote({ password_file: file }), environment)).password).toBe('from the file');
    expect((await connectionOptions(remote(), environment)).password).toBe('from the variable');
    await expect(connectionOptions(remote(), {})).rejects.toThrow(/no password: set SLICEHOUSE_MYSQL_PASSWORD/);
    await expect(connectionOptions(remote({ ca: '/nowhere.pem' }), environment)).rejects.toThrow(
      /^connection\.ca names a file/,
    );
  });

  it('to RDS is signed with the credentials of AWS, and the token may travel inside TLS only', async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIAEXAMPLE');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'example-of-a-secret');
    const options = await connectionOptions(remote({ auth: 'iam', region: 'us-east-1' }), {});
    expect(options.password).toMatch(
      /^db\.example\.com:3306\/\?Action=connect&DBUser=reader&X-Amz-Algorithm=AWS4-HMAC-SHA256.*us-east-1.*X-Amz-Signature=/,
    );
    expect(options).toMatchObject({ enableCleartextPlugin: true, ssl: { rejectUnauthorized: true } });
    expect(options.password).not.toContain('example-of-a-secret');
    expect((await connectionOptions(remote(), environment)).enableCleartextPlugin).toBe(false);
  });
});
