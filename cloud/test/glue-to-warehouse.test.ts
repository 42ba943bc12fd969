import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { curatedStep } from '../../src/apps/cloud/curated.ts';
import type { RefreshStep, StepResult } from '../../src/refresh/refresh.ts';
import { sourceStep } from '../../src/refresh/source-step.ts';
import { DuckdbWarehouse } from '../../src/warehouse/duckdb/duckdb-warehouse.ts';
import { testMariaDb } from '../../test/support/mariadb.ts';
import { CuratedFiles } from './support/curated-files.ts';
import { readSecretAsJob } from './support/glue.ts';
import { testGlue } from './support/glue-house.ts';
import { credentials, type Moto, region, startMoto } from './support/moto.ts';

const folder = mkdtempSync(join(tmpdir(), 'slicehouse-curated-'));
const certificates = { server: newCertificate('server'), stranger: newCertificate('stranger') };
const server = testMariaDb({
  options: () => [`--ssl-cert=${certificates.server.certificate}`, `--ssl-key=${certificates.server.key}`],
});
const house = testGlue(server);
let moto: Moto;

beforeAll(async () => {
  moto = await startMoto();
});
afterAll(async () => {
  await moto.stop();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => server().reset());

/** A certificate that nobody but its own file vouches for. */
function newCertificate(name: string): { certificate: string; key: string } {
  const [certificate, key] = [join(folder, `${name}.pem`), join(folder, `${name}.key`)];
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  const kind = ['-newkey', 'rsa:2048', '-nodes', '-days', '2', '-keyout', key, '-out', certificate];
  execFileSync('openssl', ['req', '-x509', ...kind, ...subject], { stdio: 'ignore' });
  return { certificate, key };
}

const run = (step: RefreshStep): Promise<StepResult> =>
  step.run({
    runId: 'r',
    businessDate: '2026-07-01',
    asked: false,
    signal: new AbortController().signal,
    progress: () => undefined,
    part: async () => undefined,
  });

describe('from MySQL to the warehouse by files', () => {
  const now = () => Date.now();
  const warehouses: DuckdbWarehouse[] = [];
  async function newWarehouse(name: string): Promise<DuckdbWarehouse> {
    const warehouse = await DuckdbWarehouse.open({ path: join(folder, `${name}.duckdb`), folder, memoryLimitMb: 256 });
    warehouses.push(warehouse);
    return warehouse;
  }
  afterEach(async () => {
    for (const warehouse of warehouses.splice(0)) await warehouse.close();
  });
  const current = (warehouse: DuckdbWarehouse, table: 'store' | 'customer'): Promise<unknown> =>
    warehouse.query(
      table === 'store'
        ? 'SELECT store_id, name, state, zip, time_zone, origin FROM store WHERE valid_to > $end ORDER BY 1'
        : 'SELECT customer_id, home_state, home_city, home_zip, origin FROM customer WHERE valid_to > $end ORDER BY 1',
      { end: '2900-01-01' },
    );

  it('is the same as without them: at first, after changes and after deletes', async () => {
    await server().run(
      'CREATE TABLE stores (store_id INT PRIMARY KEY, name TEXT, state TEXT, zip INT)',
      `INSERT INTO stores VALUES (1, 'El Paso', 'tex.', 79901), (2, 'Nowhere', 'Ontario', NULL), (3, 'Boston', 'Mass', 2134)`,
      `CREATE TABLE customers (customer_id VARCHAR(20) PRIMARY KEY, state TEXT, city TEXT, zip TEXT,
         updated_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP)`,
      `INSERT INTO customers SELECT CONCAT('c-', seq), ELT(1 + seq % 3, 'TX', 'n.y.', NULL), 'Springfield', seq, NOW() - INTERVAL 1 DAY
         FROM seq_1_to_3000`,
      'CREATE TABLE menu_items (menu_item_id INT PRIMARY KEY, menu_item TEXT, unit_cost DECIMAL(8, 3))',
      "INSERT INTO menu_items VALUES (1, 'Margherita', 3.205), (2, NULL, 1)",
    );
    await moto.createBucket('data');
    const files = new CuratedFiles(moto.s3, 'data');
    const [mapping, output] = [{ menu_items: {} }, house().output];
    const [direct, byFiles] = [await newWarehouse('direct'), await newWarehouse('by-files')];
    const refresh = async (): Promise<[StepResult, StepResult]> => {
      expect((await house().run(mapping)).code).toBe(0);
      await files.putFolder(output);
      const statePath = join(folder, 'direct.json');
      const source = house().source(mapping);
      const expected = await run(sourceStep({ source, warehouse: direct, sink: direct, folder, statePath, now }));
      const result = await run(curatedStep({ s3: moto.s3, bucket: 'data', warehouse: byFiles, folder, now }));
      await files.fetchApplied(output);
      for (const table of ['store', 'customer'] as const) {
        expect(await current(byFiles, table)).toEqual(await current(direct, table));
      }
      return [result, expected];
    };
    const [first, firstDirect] = await refresh();
    expect(first).toEqual(firstDirect);
    expect(first.detail).toMatch(/customers: 3000 read; menu_items: 1 read, 1 could not be taken/);
    await server().run(
      "UPDATE customers SET state = 'Ohio' WHERE customer_id IN ('c-7', 'c-8')",
      "DELETE FROM customers WHERE customer_id = 'c-9'",
      "INSERT INTO customers VALUES ('new', 'Maine', NULL, NULL, NULL)",
      'DELETE FROM stores WHERE store_id = 3',
    );
    expect(
      await moto.s3
        .send(new GetObjectCommand({ Bucket: 'data', Key: 'curated/_tables.json' }))
        .then(({ Body }) => Body?.transformToString()),
    ).toBe('{"tables":["stores","customers","menu_items"]}\n');
    const [second, secondDirect] = await refresh();
    expect(second.detail).toContain('customers: 3 read');
    expect(second.detail).toContain('2 gone');
    expect(second.detail).toBe(secondDirect.detail);
  });
});

describe('with TLS', () => {
  const connection = (more: object) => ({
    stores: false,
    connection: { host: 'localhost', port: server().port, user: 'reader', database: 'shop', ...more },
  });
  beforeEach(() =>
    server().run(
      'CREATE TABLE customers (customer_id INT PRIMARY KEY, state CHAR(2))',
      "INSERT INTO customers VALUES (1, 'TX')",
      "ALTER USER reader@'%' REQUIRE SSL",
    ),
  );
  const outcome = async (more: object) => (await house().run(connection(more))).outcomes[0];

  it('the server is read when it proves who it is, and not without', async () => {
    expect(await outcome({ ca: certificates.server.certificate })).toMatchObject({
      outcome: 'curated',
      rows: { records: 1 },
    });
    expect(await outcome({ ssl: 'off' })).toMatchObject({
      kind: 'refused',
      message: expect.stringContaining('Access denied'),
    });
  });

  it('it is not read when nobody vouches for it, or under another name', async () => {
    const message = expect.stringContaining('cannot prove who it is');
    expect(await outcome({ ca: certificates.stranger.certificate })).toMatchObject({ kind: 'refused', message });
    expect(await outcome({ ssl: 'on' })).toMatchObject({ kind: 'refused', message });
    const elsewhere = { host: '127.0.0.1', ca: certificates.server.certificate };
    expect(await outcome(elsewhere)).toMatchObject({ kind: 'refused', message });
  });
});

it('the secret that RDS turns over says where the database is and how to enter it', async () => {
  const client = new SecretsManagerClient({ endpoint: moto.endpoint, region, credentials });
  const secret = {
    engine: 'mysql',
    host: 'db',
    port: 3306,
    dbname: 'shop',
    username: 'reader',
    password: server().password,
  };
  try {
    const { ARN = '' } = await client.send(
      new CreateSecretCommand({ Name: 'mysql-reader', SecretString: JSON.stringify(secret) }),
    );
    const environment = { ...moto.environment, AWS_ENDPOINT_URL_SECRETS_MANAGER: moto.endpoint };
    expect(readSecretAsJob(ARN, environment)).toEqual({
      host: 'db',
      port: 3306,
      database: 'shop',
      user: 'reader',
      password: server().password,
    });
  } finally {
    client.destroy();
  }
});
