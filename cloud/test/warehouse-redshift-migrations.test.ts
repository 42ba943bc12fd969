import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DataApi } from '../../src/warehouse/redshift/data-api.ts';
import { migrate } from '../../src/warehouse/redshift/migrate.ts';
import { type Redshift, startRedshift } from './support/redshift-stand-in.ts';

let redshift: Redshift;
let dataApi: DataApi;
const folder = mkdtempSync(join(tmpdir(), 'slicehouse-test-'));
const own = fileURLToPath(new URL('../../src/warehouse/redshift/migrations', import.meta.url));

beforeAll(async () => {
  // No COPY here, so nobody is asked for an object.
  redshift = await startRedshift({ s3Endpoint: 'http://127.0.0.1:9' });
  dataApi = new DataApi({ client: redshift.client, workgroupName: 'slicehouse', database: 'slicehouse', retryMs: 10 });
  cpSync(own, folder, { recursive: true });
});
afterAll(async () => {
  await redshift.stop();
  rmSync(folder, { recursive: true });
});

const migrations = pathToFileURL(`${folder}/`);
const applied = () => dataApi.query('SELECT number FROM schema_migration ORDER BY number');

describe('the schema', () => {
  it('is made once, however often it is brought up to date', async () => {
    const newest = await migrate(dataApi);
    expect(await migrate(dataApi)).toBe(newest);
    expect((await applied()).map(({ number }) => number)).toEqual(
      Array.from({ length: newest }, (_, index) => index + 1),
    );
    expect(await dataApi.query('SELECT version FROM reference_version')).toEqual([{ version: 0 }]);
  });

  it('stays as it was when a migration fails, and takes it when it is mended', async () => {
    const before = await applied();
    const path = join(folder, '9001-broken.sql');
    writeFileSync(path, 'CREATE TABLE half (a INTEGER);\nALTER TABLE nowhere ADD COLUMN b INTEGER;\n');
    await expect(migrate(dataApi, migrations)).rejects.toThrow('Migration 9001 of the warehouse failed');
    expect(await applied()).toEqual(before);
    await expect(dataApi.query('SELECT * FROM half')).rejects.toThrow('half');
    writeFileSync(path, '-- A comment; with a semicolon.\nCREATE TABLE half (a INTEGER);\n');
    expect(await migrate(dataApi, migrations)).toBe(9001);
    expect(await dataApi.query('SELECT * FROM half')).toEqual([]);
  });

  it('of a newer version is refused', async () => {
    await expect(migrate(dataApi)).rejects.toThrow('The warehouse has schema 9001');
  });
});
