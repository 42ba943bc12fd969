// Builds dist/: server and simulator by the TypeScript compiler, the dashboard by Vite.
import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const run = (command, ...args) =>
  execFileSync(process.execPath, [join('node_modules', command), ...args], { stdio: 'inherit' });

rmSync('dist', { recursive: true, force: true });
run('typescript/bin/tsc', '-p', 'tsconfig.build.json');
for (const folder of ['src', 'simulator']) copyData(folder);
run('vite/bin/vite.js', 'build', '--logLevel', 'warn');
chmodSync('bin/slicehouse.cjs', 0o755);

/** SQL statements and data files lie beside the code that reads them, in dist/ too. */
function copyData(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && path !== join('src', 'dashboard')) copyData(path);
    else if (/\.(sql|json|gz|csv)$/.test(entry.name)) cpSync(path, join('dist', path));
  }
}
