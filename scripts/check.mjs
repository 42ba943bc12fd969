// Everything that can be said of the code without running it.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const checks = [
  ['types of the node side', 'typescript/bin/tsc', '-p', 'tsconfig.json'],
  ['types of the browser side', 'typescript/bin/tsc', '-p', 'src/dashboard/tsconfig.json'],
  ['Biome', '@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '.'],
  ['knip', 'knip/bin/knip.js'],
];

// Has a lockfile of its own, so that a newcomer's install stays small.
if (existsSync('cloud/node_modules'))
  checks.splice(2, 0, ['types of the cloud side', 'typescript/bin/tsc', '-p', 'cloud/tsconfig.json']);
else process.stdout.write('check: left out: types of the cloud side (npm ci --prefix cloud)\n');

for (const [name, command, ...args] of checks) {
  process.stdout.write(`check: ${name}\n`);
  const { status } = spawnSync(process.execPath, [join('node_modules', command), ...args], { stdio: 'inherit' });
  if (status !== 0) process.exitCode = 1;
}
