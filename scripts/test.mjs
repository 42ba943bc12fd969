// Builds what is out of date, runs the tests, says what was left out and why, and ends with one line of counts.
// Arguments go to vitest: `npm test -- src/import`, `npm test -- --project unit`.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';

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

const results = join(mkdtempSync(join(tmpdir(), 'slicehouse-test-')), 'results.json');
const leftOut = [];
const failures = [];
let isAllowed = true;
const counts = { passed: 0, failed: 0, skipped: 0 };
try {
  if (!isBuilt() && run('scripts/build.mjs') !== 0) counts.failed += 1;
  else runVitest();
} finally {
  rmSync(join(results, '..'), { recursive: true, force: true });
}
finish();

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

function runVitest() {
  const projects = values.project ? [] : chooseProjects().map((name) => `--project=${name}`);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${results}`];
  const status = run('node_modules/vitest/vitest.mjs', 'run', ...projects, ...reporters, ...args);
  if (existsSync(results)) count(JSON.parse(readFileSync(results, 'utf8')));
  if (status !== 0 && counts.failed === 0) counts.failed = 1;
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

function count({ testResults }) {
  for (const { status, assertionResults, name, message } of testResults) {
    const path = relative('.', name);
    // A file that cannot be loaded has no tests to fail.
    if (status === 'failed' && assertionResults.length === 0) fail('the file itself', path, message);
    for (const test of assertionResults) {
      const outcome = test.status === 'passed' || test.status === 'failed' ? test.status : 'skipped';
      if (outcome === 'failed') fail(test.fullName, path, test.failureMessages.join('\n'));
      else counts[outcome] += 1;
      if (outcome === 'skipped' && isWhole) leaveOut(test.fullName, path);
    }
  }
}

/** Named again at the end: thousands of lines may lie between a failure and the counts. */
function fail(test, path, message) {
  counts.failed += 1;
  failures.push(`Failed: ${test} (${path})\n${(message ?? '').slice(0, 1500)}\n`);
}

function leaveOut(test, path) {
  const variable = outsideData[path];
  const isOutside = variable !== undefined && !process.env[variable];
  if (!isOutside) isAllowed = false;
  leftOut.push(`${test} (${path})${isOutside ? `: ${variable} names no folder` : ''}`);
}

function finish() {
  const { passed, failed, skipped } = counts;
  for (const what of leftOut) process.stdout.write(`Left out: ${what}\n`);
  for (const failure of failures) process.stdout.write(failure);
  const isRefused = inCi && !isAllowed;
  if (isRefused) process.stdout.write('In CI nothing that the repository holds may be left out.\n');
  if (failed > 0 || passed === 0 || isRefused) process.exitCode = 1;
  process.stdout.write(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`);
}
