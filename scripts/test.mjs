// Builds what is out of date, runs the tests, says what was left out and why, and ends with one line of counts.
// Arguments go to vitest: `npm test -- src/import`, `npm test -- --project unit`.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readResults, sayResults } from './report-results.mjs';

const inCi = process.env.CI === 'true';
const args = process.argv.slice(2);
const { values, positionals } = parseArgs({
  args,
  strict: false,
  allowPositionals: true,
  options: { project: { type: 'string', multiple: true } },
});
/** With a choice of files or names, the rest was left out by whoever chose. */
const isWhole = positionals.length === 0 && Object.keys(values).every((name) => name === 'project');

/** Tests of data that is not part of the repository: left out aloud, in CI too, when the variable names no folder. */
const outsideData = { 'src/import/pizza-place.test.ts': 'SLICEHOUSE_PIZZA_PLACE' };

const folder = mkdtempSync(join(tmpdir(), 'slicehouse-test-'));
const leftOut = [];
let isAllowed = true;
try {
  if (!isBuilt() && run('scripts/build.mjs') !== 0) {
    sayResults({ passed: 0, skipped: [], failures: ['Failed: the build\n'] }, leftOut);
  } else {
    const results = runVitest(join(folder, 'results.json'));
    if (isWhole) for (const { test, file } of results.skipped) leaveOut(test, file);
    sayResults(results, leftOut, inCi && !isAllowed);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function run(...command) {
  return spawnSync(process.execPath, command, { stdio: 'inherit' }).status ?? 1;
}

/** Whether dist/ is newer than everything it is made from; removed files show in the time of their folder. */
function isBuilt() {
  const built = ['dist/src/apps/cli.js', 'dist/dashboard/index.html'];
  if (!built.every((path) => existsSync(path))) return false;
  const oldest = Math.min(...built.map((path) => statSync(path).mtimeMs));
  const sources = ['src', 'simulator', 'scripts/build.mjs', 'package.json', 'tsconfig.base.json', 'vite.config.ts'];
  return [...sources, 'tsconfig.json', 'tsconfig.build.json'].every((path) => newest(path) < oldest);
}

function newest(path) {
  const { mtimeMs } = statSync(path);
  if (!statSync(path).isDirectory()) return mtimeMs;
  return readdirSync(path, { recursive: true }).reduce(
    (latest, name) => Math.max(latest, statSync(join(path, name)).mtimeMs),
    mtimeMs,
  );
}

function runVitest(path) {
  const projects = values.project ? [] : chooseProjects().map((name) => `--project=${name}`);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${path}`];
  const status = run('node_modules/vitest/vitest.mjs', 'run', ...projects, ...reporters, ...args);
  return readResults(path, status);
}

/** In CI everything runs, so that what is missing fails. */
function chooseProjects() {
  if (inCi || !isWhole || browserStarts()) return ['unit', 'system', 'browser'];
  leftOut.push('the tests in a browser (test/end-to-end): no Chromium starts here; set CHROME_PATH to one');
  return ['unit', 'system'];
}

function browserStarts() {
  const launch =
    'const { launchBrowser } = await import("./test/end-to-end/browser.ts"); await (await launchBrowser()).close();';
  const probe = ['--import', 'tsx', '--input-type=module', '--eval', launch];
  return spawnSync(process.execPath, probe, { stdio: 'ignore', timeout: 60_000 }).status === 0;
}

function leaveOut(test, path) {
  const variable = outsideData[path];
  const isOutside = variable !== undefined && !process.env[variable];
  if (!isOutside) isAllowed = false;
  leftOut.push(`${test} (${path})${isOutside ? `: ${variable} names no folder` : ''}`);
}
