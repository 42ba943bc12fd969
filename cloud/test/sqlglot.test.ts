import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { prepare } from '../../src/warehouse/redshift/data-api-parameters.ts';
import { WarehouseBench } from '../../test/conformance/warehouse-bench.ts';
import { anOrder, delivered } from '../../test/support/orders.ts';
import { allReports } from '../../test/support/warehouse-rows.ts';
import { RedshiftWarehouses } from './support/redshift-warehouse.ts';
import { findSyntaxFaults, whyNoSqlglot } from './support/sqlglot.ts';

/** Stages whose statements go to Redshift. */
const folders = ['src/warehouse/redshift', 'src/reports', 'src/insights', 'src/refresh'];

const root = new URL('../../', import.meta.url);
const reason = whyNoSqlglot();

test('sqlglot is there, where nothing may be left out', () => {
  if (process.env['CI'] !== undefined) expect(reason).toBeUndefined();
});

test.skipIf(reason)('a statement that Redshift cannot read is found', () => {
  const faults = findSyntaxFaults([
    ['right', "COPY t FROM 's3://b/k' IAM_ROLE 'r' MANIFEST FORMAT AS JSON 'auto' TIMEFORMAT 'epochmillisecs'"],
    ['wrong', 'SELECT a FROM t WHERE (a = 1'],
    ['strange', 'SELEKT a FROM t'],
  ]);
  expect(faults).toEqual([expect.stringMatching(/^wrong: /), expect.stringMatching(/^strange: /)]);
});

test.skipIf(reason)('every statement as it is sent is Redshift’s', () => {
  const statements = folders.flatMap((folder) => filesIn(folder)).flatMap(statementsOf);
  expect(statements.length).toBeGreaterThan(40);
  expect(findSyntaxFaults(statements)).toEqual([]);
});

test.skipIf(reason)('and so is every statement that is put together on the way', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'slicehouse-test-'));
  const warehouses = await RedshiftWarehouses.start();
  try {
    const bench = await new WarehouseBench((name) => warehouses.open(name), folder, warehouses.segments).open();
    await bench.load([delivered(anOrder())]);
    await bench.putStores({ store_id: 's-1', state: 'CA' });
    await bench.putCustomers({ customer_id: 'c-1', home: { state: 'TX' } });
    const menu = join(folder, 'menu.ndjson');
    writeFileSync(menu, '{"menu_item_id":"m","menu_item":"Old","position":0}');
    await bench.warehouse.replaceMenuItems(menu);
    await bench.warehouse.compact({ looseShareMin: 0 });
    await allReports(bench.warehouse);
    const sent = [...(await warehouses.workgroup(folder)).redshift.statements];
    await bench.close();
    for (const part of ['COPY arrived ', 'INSERT INTO arrived_segment ', 'VACUUM ', 'INSERT INTO customer']) {
      expect(sent.some((sql) => sql.includes(part))).toBe(true);
    }
    expect(findSyntaxFaults(sent.map((sql) => ['sent', sql]))).toEqual([]);
  } finally {
    await warehouses.stop();
    rmSync(folder, { recursive: true });
  }
});

function filesIn(folder: string): string[] {
  try {
    return readdirSync(new URL(folder, root), { recursive: true, encoding: 'utf8' }).map((name) => `${folder}/${name}`);
  } catch {
    return [];
  }
}

/** The statements of a file, with parameters that have values and with NULL for each. */
function statementsOf(file: string): [name: string, sql: string][] {
  if (!/\.(sql|ts)$/.test(file) || file.endsWith('.test.ts')) return [];
  const text = readFileSync(new URL(file, root), 'utf8');
  const statements = file.endsWith('.sql') ? [text] : statementsIn(text);
  return statements.flatMap((sql): [string, string][] => [
    [file, prepare(sql, valuesOf(sql, 'x')).sql],
    [`${file} with NULL`, prepare(sql, valuesOf(sql, null)).sql],
  ]);
}

/** Statements in code that are there in one piece. */
function statementsIn(code: string): string[] {
  const strings =
    /'((?:SELECT|WITH|INSERT|UPDATE|DELETE|MERGE|CREATE|ALTER|DROP|LOCK|VACUUM|ANALYZE) [^'\n]*)'|`\s*((?:SELECT|WITH|INSERT|UPDATE|DELETE|MERGE|CREATE|ALTER|DROP|COPY)\s[^`$]*)`/g;
  return [...code.matchAll(strings)].map(([, quoted, template]) => quoted ?? template ?? '');
}

function valuesOf(sql: string, value: string | null): Record<string, string | null> {
  return Object.fromEntries([...sql.matchAll(/\$([A-Za-z_]\w*)/g)].map(([, name = '']) => [name, value]));
}
