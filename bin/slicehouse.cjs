#!/usr/bin/env node
// Disk syncs and report queries share libuv's threads; four are too few for both, and the number is fixed before
// the first module is loaded, which is why this file is not one.
process.env.UV_THREADPOOL_SIZE ??= '16';
if (require('node:fs').existsSync(require('node:path').join(__dirname, '../dist/src/apps/cli.js'))) {
  void import('../dist/src/apps/cli.js').then(({ main }) => main(process.argv));
} else {
  process.stderr.write('Slicehouse is not built yet. Run "npm run build" first.\n');
  process.exitCode = 1;
}
