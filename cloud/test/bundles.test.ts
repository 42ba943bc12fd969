import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { bundleFolder, bundleFunctions, functionNames } from '../lib/bundles.ts';

beforeAll(() => bundleFunctions());

describe('the bundles', () => {
  it.each(functionNames)('%s starts, with the files that it reads, and exports a handler', async (name) => {
    const { handler } = await import(pathToFileURL(join(bundleFolder(name), 'index.mjs')).href);
    expect(handler).toBeTypeOf('function');
  });

  it('have the SQL beside the code that reads it, and nothing of the other warehouse', () => {
    expect(existsSync(join(bundleFolder('migrate'), 'src/warehouse/redshift/migrations/0001-orders.sql'))).toBe(true);
    expect(existsSync(join(bundleFolder('api'), 'src/reports/top-combinations.sql'))).toBe(true);
    expect(existsSync(join(bundleFolder('api'), 'src/warehouse/duckdb'))).toBe(false);
  });
});
