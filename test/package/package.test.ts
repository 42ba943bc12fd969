import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, posix } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { orderOf } from '../faults/orders.ts';
import { CliProcess, getJson, untilLoaded } from '../faults/support.ts';

const root = mkdtempSync(join(tmpdir(), 'slicehouse-package-'));
const project = join(root, 'project');
const installed = join(project, 'node_modules', 'slicehouse');
const command = join(project, 'node_modules', '.bin', 'slicehouse');
/** Two megabytes of it are census figures and ZIP codes. */
const packedBytesMax = 4_000_000;
let packed: { filename: string; size: number; unpackedSize: number; files: { path: string }[] };
let paths: Set<string>;

/** Runs npm as a person would, not as the script of this package that a test run may be. */
function npm(folder: string, ...args: string[]): string {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(INIT_CWD|npm_(package|lifecycle|command|execpath|config_(local_)?prefix))/i.test(name),
  );
  const env = { ...Object.fromEntries(inherited), npm_config_audit: 'false', npm_config_fund: 'false' };
  return execFileSync('npm', args, { cwd: folder, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

beforeAll(() => {
  // Without scripts: the build of this test run is what is packed, and stays in place for the other tests.
  const [first] = JSON.parse(npm('.', 'pack', '--ignore-scripts', '--json', '--pack-destination', root));
  packed = first;
  paths = new Set(packed.files.map((file) => file.path));
  console.log(`${packed.filename}: ${packed.size} bytes packed, ${packed.unpackedSize} unpacked, ${paths.size} files`);
  mkdirSync(project);
  writeFileSync(join(project, 'package.json'), '{ "name": "elsewhere", "private": true }\n');
  npm(project, 'install', '--prefer-offline', join(root, packed.filename));
});

afterAll(() => rmSync(root, { recursive: true, force: true }));

test('the package holds what it needs, and nothing of the workshop', () => {
  for (const needed of ['package.json', 'README.md', 'LICENSE', 'bin/slicehouse.cjs', 'dist/dashboard/index.html']) {
    expect(paths).toContain(needed);
  }
  const workshop = /\.test\.|\.tsx?$|^(test|bench|scripts|src|node_modules|\.ci)\//;
  expect([...paths].filter((path) => workshop.test(path))).toEqual([]);
  expect(packed.size).toBeLessThan(packedBytesMax);
});

/** What runs first: the command, and the simulator's thread, which is started by its file's name. */
const entries = ['bin/slicehouse.cjs', 'dist/simulator/worker.js'];

test('every module in the package can be reached from the command', () => {
  const reached = new Set(entries);
  for (const path of reached) for (const imported of importsOf(path)) reached.add(imported);
  const modules = [...paths].filter((path) => /^dist\/(src|simulator)\/.*\.js$/.test(path));
  expect(modules.filter((path) => !reached.has(path) && !isTypesOnly(path))).toEqual([]);
});

function importsOf(path: string): string[] {
  const strings = textOf(path).matchAll(/(?:from|import)[ (]*['"](\.{1,2}\/[^'"]+\.js)['"]/g);
  return [...strings].map(([, name = '']) => posix.join(posix.dirname(path), name));
}

function isTypesOnly(path: string): boolean {
  return /^export \{\};\s*(\/\/.*)?$/.test(textOf(path).trim());
}

function textOf(path: string): string {
  return readFileSync(join(installed, path), 'utf8');
}

test('source maps lead somewhere', () => {
  const nowhere = [...paths].flatMap((path) => {
    if (/\.(js|css)$/.test(path)) return missingMap(path);
    return path.endsWith('.map') ? missingSources(path) : [];
  });
  expect(nowhere.slice(0, 5)).toEqual([]);
});

function missingMap(path: string): string[] {
  const map = /\/[/*]# sourceMappingURL=(\S+)/.exec(textOf(path))?.[1];
  return map === undefined || map.startsWith('data:') || paths.has(posix.join(posix.dirname(path), map)) ? [] : [path];
}

function missingSources(path: string): string[] {
  const map = JSON.parse(textOf(path)) as {
    sources: string[];
    sourcesContent?: (string | null)[];
  };
  const isThere = (source: string, index: number): boolean =>
    typeof map.sourcesContent?.[index] === 'string' || paths.has(posix.join(posix.dirname(path), source));
  return map.sources.every(isThere) ? [] : [path];
}

test('it runs where it is installed and tells its version', async () => {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
  expect(npm(project, 'exec', '--no', '--', 'slicehouse', '--version').trim()).toBe(version);
  const direct = new CliProcess(['--version'], {}, [command]);
  expect(await direct.exited).toEqual({ code: 0, signal: null });
  expect(direct.stdout.trim()).toBe(version);
});

test('an order posted to it counts in the report, and the dashboard is there', async () => {
  const server = new CliProcess(['start', '--data-dir', join(project, 'data'), '--port', '0'], {}, [command]);
  const url = await server.ready();
  const order = orderOf(7);
  const posted = await fetch(`${url}/v1/orders`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(order),
  });
  expect(posted.status).toBe(202);
  await untilLoaded(url);
  const report = await getJson<{ rows: { pizzas: number; revenue_cents: number }[] }>(
    `${url}/v1/reports/top-combinations?state=${order.deliver_to?.state}`,
  );
  const cents = order.lines.reduce((sum, line) => sum + line.quantity * line.unit_price_cents, 0);
  expect(report.rows.reduce((sum, row) => sum + row.revenue_cents, 0)).toBe(cents);

  const page = await fetch(`${url}/`);
  expect(page.headers.get('content-type')).toContain('text/html');
  const html = await page.text();
  const scripts = [...html.matchAll(/src="(\/[^"]+\.js)"/g)].map((match) => match[1] ?? '');
  expect(scripts.length).toBeGreaterThan(0);
  for (const path of scripts) expect((await (await fetch(url + path)).text()).length, path).toBeGreaterThan(100);
  expect(await server.kill('SIGTERM')).toEqual({ code: 0, signal: null });
  expect(readdirSync(join(project, 'data'))).toContain('warehouse.duckdb');
});

test('the examples that the documents speak of are in it', () => {
  const mappings = readdirSync('examples/mappings').map((name) => join('examples/mappings', name));
  for (const path of mappings) expect(statSync(join(installed, path)).size, basename(path)).toBe(statSync(path).size);
});
