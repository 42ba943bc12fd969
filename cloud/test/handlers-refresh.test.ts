import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { CreateSecretCommand, PutSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anOrder, delivered } from '../../test/support/orders.ts';
import { CuratedFiles } from './support/curated-files.ts';
import { type Bureau, startBureau } from './support/lambda-census.ts';
import { lambdaContext, landedEvent } from './support/lambda-events.ts';
import { setEnvironment } from './support/lambda-functions.ts';
import { type Cloud, cloudNames, functionEnvironment, startCloud } from './support/lambda-moto.ts';
import { type Redshift, startRedshift } from './support/redshift-stand-in.ts';

let cloud: Cloud;
let redshift: Redshift;
let bureau: Bureau;
let restore: () => void;
let functions: Functions;
let formation: Server;
const told: { Status: string; Reason?: string; PhysicalResourceId: string; Data?: object }[] = [];

interface Functions {
  readonly load: typeof import('../../src/apps/load.lambda.ts');
  readonly refresh: typeof import('../../src/apps/refresh.lambda.ts');
  readonly census: typeof import('../../src/apps/census.lambda.ts');
  readonly migrate: typeof import('../../src/apps/migrate.lambda.ts');
}

beforeAll(async () => {
  cloud = await startCloud();
  redshift = await startRedshift({ s3Endpoint: cloud.endpoint });
  bureau = await startBureau();
  formation = createServer(async (request, response) => {
    told.push(JSON.parse(await text(request)));
    response.end();
  });
  await new Promise<void>((resolve) => formation.listen(0, '127.0.0.1', resolve));
  restore = setEnvironment({
    ...functionEnvironment(cloud, { redshift: redshift.endpoint }),
    SLICEHOUSE_CENSUS_URL: bureau.url,
  });
  await cloud.secrets.send(
    new CreateSecretCommand({ Name: cloudNames.censusSecret, SecretString: '{"key":"","placeholder":"x"}' }),
  );
  functions = {
    load: await import('../../src/apps/load.lambda.ts'),
    refresh: await import('../../src/apps/refresh.lambda.ts'),
    census: await import('../../src/apps/census.lambda.ts'),
    migrate: await import('../../src/apps/migrate.lambda.ts'),
  };
});
afterAll(async () => {
  restore?.();
  formation?.close();
  await bureau?.stop();
  await redshift?.stop();
  await cloud?.stop();
});

const rowsOf = async (sql: string): Promise<Record<string, unknown>[]> => (await redshift.pg.query(sql)).rows;

describe('the schema as a resource of CloudFormation', () => {
  const migrate = (RequestType: string) => {
    const ResponseURL = `http://127.0.0.1:${(formation.address() as AddressInfo).port}/signed`;
    const event = { RequestType, ResponseURL, StackId: 's', RequestId: 'r', LogicalResourceId: 'Schema' };
    return functions.migrate.handler(event as Parameters<Functions['migrate']['handler']>[0], lambdaContext());
  };

  it('fails the deployment with a reason when a migration fails, and leaves nothing half made', async () => {
    redshift.faults.failStatement(/CREATE TABLE load_ledger/, 'ERROR: no room');
    await migrate('Create');
    expect(told.pop()).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('Migration 1') });
    expect(await rowsOf(`SELECT 1 FROM pg_tables WHERE tablename = 'order_head'`)).toEqual([]);
  });

  it('is made, with census figures, and stays when the resource goes', async () => {
    await migrate('Create');
    const Data = { SchemaVersion: expect.stringMatching(/^\d+$/) };
    expect(told.pop()).toMatchObject({
      Status: 'SUCCESS',
      PhysicalResourceId: 'slicehouse-schema',
      Data,
      RequestId: 'r',
    });
    expect(await rowsOf('SELECT COUNT(*) AS states FROM census_state')).toEqual([{ states: '52' }]);
    await migrate('Update');
    expect(told.pop()).toMatchObject({ Status: 'SUCCESS', Data });
    await migrate('Delete');
    expect(told.pop()).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'slicehouse-schema' });
    expect(await rowsOf(`SELECT 1 AS one FROM pg_tables WHERE tablename = 'order_head'`)).toHaveLength(1);
  });
});

describe('the refresh function', () => {
  const ask = (action: 'due' | 'run') => functions.refresh.handler({ action }, lambdaContext());

  it('has nothing to do before the first order', async () => {
    expect(await ask('due')).toEqual({ due: false });
    expect(await ask('run')).toEqual({ status: 'not_due' });
  });

  it('takes over curated stores, sorts, checks, and does so once a business date', async () => {
    await landYesterday();
    await curateStore(1);
    expect(await ask('due')).toEqual({ due: true });
    expect(await ask('run')).toMatchObject({ status: 'done', business_date: expect.any(String) });
    expect(await rowsOf('SELECT store_id, state FROM store')).toEqual([{ store_id: 's-1', state: 'OK' }]);
    expect(await rowsOf('SELECT market_state FROM order_head')).toEqual([{ market_state: 'OK' }]);
    expect(await rowsOf('SELECT step, status FROM refresh_step WHERE position >= 0 ORDER BY position, step')).toEqual(
      expect.arrayContaining([
        { step: 'sources', status: 'done' },
        { step: 'compaction', status: 'done' },
        { step: 'checks', status: 'done' },
        { step: 'retention', status: 'done' },
      ]),
    );
    expect(await ask('due')).toEqual({ due: false });
    expect(await ask('run')).toEqual({ status: 'not_due' });
    expect(await rowsOf('SELECT COUNT(*) AS runs FROM refresh_run')).toEqual([{ runs: '1' }]);
  });

  it('fails for the state machine to try again, and waits ten minutes before it does', async () => {
    await redshift.pg.query('DELETE FROM refresh_run');
    await curateStore(2);
    redshift.faults.failStatement(/DELETE FROM quarantine/, 'ERROR: not now');
    await expect(ask('run')).rejects.toThrow(/^The refresh of \d{4}-\d\d-\d\d failed/);
    expect(await ask('due')).toEqual({ due: false });
    expect(await ask('run')).toEqual({ status: 'not_due' });
    await redshift.pg.query(`UPDATE refresh_run SET finished_at = finished_at - INTERVAL '11 minutes'`);
    await curateStore(3);
    expect(await ask('due')).toEqual({ due: true });
    expect(await ask('run')).toMatchObject({ status: 'done' });
  });

  it('says of a run that a stopped function left that it did not end, and runs it again', async () => {
    await redshift.pg.query(`UPDATE refresh_run SET status = 'running', finished_at = NULL WHERE status = 'done'`);
    await curateStore(4);
    expect(await ask('run')).toMatchObject({ status: 'done' });
    const runs = await rowsOf('SELECT status FROM refresh_run ORDER BY status');
    expect(runs.map(({ status }) => status)).toEqual(['done', 'failed', 'interrupted']);
  });

  it('does not guess what it is asked', async () => {
    const wrong = { action: 'all' } as unknown as Parameters<Functions['refresh']['handler']>[0];
    await expect(functions.refresh.handler(wrong, lambdaContext())).rejects.toThrow('"due"');
  });

  /** An order that was loaded two days ago: since then a refresh is due. */
  async function landYesterday(): Promise<void> {
    const Body = `${JSON.stringify(delivered(anOrder()))}\n`;
    await cloud.s3.send(new PutObjectCommand({ Bucket: cloudNames.bucket, Key: 'landing/one', Body }));
    await functions.load.handler(landedEvent(cloudNames.bucket, await cloud.landed()), lambdaContext());
    await redshift.pg.query(`UPDATE load_ledger SET loaded_at = loaded_at - INTERVAL '2 days'`);
  }

  /** What the Glue job writes before each refresh. */
  async function curateStore(number: number): Promise<void> {
    const files = new CuratedFiles(cloud.s3, cloudNames.bucket);
    const run_id = `2026070${number}T060000000Z-a`;
    const run = `stores/${run_id}/`;
    const store = { store_id: 's-1', name: null, state: 'OK', city: 'Tulsa', zip: null, time_zone: 'America/Chicago' };
    const row = { ...store, latitude: null, longitude: null, closeout_hour: 4, changed_at: null };
    const records = [await files.putLines(run, 'kind=records/part-0.txt.gz', [row])];
    const keys = [await files.putLines(run, 'kind=keys/part-0.txt.gz', [{ store_id: 's-1' }])];
    const manifest = {
      version: 1,
      run_id,
      since: null,
      watermark: { through: `2026-07-0${number}T06:00:00.000Z`, basis: '{}' },
      is_whole: true,
      clock_skew_ms: 0,
      files: { records, errors: [], keys },
    };
    await files.put(`${run}_manifest.json`, JSON.stringify(manifest));
  }
});

describe('the census function', () => {
  const ask = (request: { fetch?: boolean; year?: number } = {}) => functions.census.handler(request, lambdaContext());

  it('leaves figures that are in place, and brings in those that come with the software where none are', async () => {
    expect(await ask()).toMatchObject({ rows: 0 });
    await redshift.pg.query('DELETE FROM census_state');
    expect((await ask()).rows).toBeGreaterThan(50_000);
    expect(await rowsOf('SELECT COUNT(*) AS states FROM census_state')).toEqual([{ states: '52' }]);
  });

  it('says that there is no key, and leaves the figures', async () => {
    await expect(ask({ fetch: true, year: 2024 })).rejects.toThrow('holds no key');
    expect(await rowsOf('SELECT COUNT(DISTINCT vintage) AS vintages FROM census_state')).toEqual([{ vintages: '1' }]);
  });

  it('takes newer figures with the key of the secret, and keeps them for the next time', async () => {
    const SecretString = JSON.stringify({ key: 'k-1' });
    await cloud.secrets.send(new PutSecretValueCommand({ SecretId: cloudNames.censusSecret, SecretString }));
    expect(await ask({ fetch: true, year: 2024 })).toEqual({ vintage: 'acs5-2024', rows: expect.any(Number) });
    expect([...bureau.keys]).toEqual(['k-1']);
    const vintages = await rowsOf(
      'SELECT DISTINCT vintage FROM census_state UNION SELECT DISTINCT vintage FROM census_zip',
    );
    expect(vintages).toEqual([{ vintage: 'acs5-2024' }]);
    await redshift.pg.query(`UPDATE census_state SET vintage = 'another'`);
    expect(await ask()).toEqual({ vintage: 'acs5-2024', rows: expect.any(Number) });
    expect(await ask()).toEqual({ vintage: 'acs5-2024', rows: 0 });
  });
});
