#!/usr/bin/env node
// Disk syncs and report queries share libuv's threads; four are too few for both, and the number is fixed before
// the first module is loaded, which is why this file is not one.
process.env.UV_THREADPOOL_SIZE ??= '16';
void import('../dist/src/apps/cli.js').then((cli) => cli.main(process.argv));
