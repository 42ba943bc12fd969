// Tests of what runs in the owner's AWS account, without one. They need more than Node, and say what is missing:
// a moto server (MOTO_SERVER), a Python with sqlglot (SQLGLOT_PYTHON), one with Spark (GLUE_PYTHON), cfn-lint
// (CFN_LINT), Java and a MariaDB. In CI all of it has to be there. Arguments go to vitest.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readResults, sayResults } from './report-results.mjs';

const cloud = new URL('../cloud/', import.meta.url).pathname;

function run(command, args, options = {}) {
  return spawnSync(command, args, { stdio: 'inherit', ...options }).status ?? 1;
}

if (!existsSync(join(cloud, 'node_modules')) && run('npm', ['ci'], { cwd: cloud }) !== 0) process.exit(1);
// The dashboard's files are part of what is synthesized.
if (!existsSync('dist/dashboard/index.html') && run(process.execPath, ['scripts/build.mjs']) !== 0) process.exit(1);

const folder = mkdtempSync(join(tmpdir(), 'slicehouse-cloud-'));
const results = join(folder, 'results.json');
try {
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${results}`];
  const vitest = join(cloud, 'node_modules/vitest/vitest.mjs');
  const status = run(process.execPath, [vitest, 'run', ...reporters, ...process.argv.slice(2)], { cwd: cloud });
  const found = readResults(results, status);
  const leftOut = found.skipped.map(({ test, file }) => `${test} (${file})`);
  sayResults(found, leftOut, process.env.CI === 'true' && leftOut.length > 0);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
