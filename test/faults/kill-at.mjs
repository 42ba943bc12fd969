// The product as a process that kills itself with SIGKILL at one point of a segment file's life: KILL_AT names the
// point, KILL_NTH says at which time that it is reached. The product has no switch for this: the functions that it
// calls are replaced before it is loaded.
import fs from 'node:fs';
import promises from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { DuckDBConnection } from '@duckdb/node-api';

process.env.UV_THREADPOOL_SIZE ??= '16';

let left = Number(process.env.KILL_NTH);
const reach = (point) => {
  if (point !== process.env.KILL_AT || --left > 0) return;
  process.kill(process.pid, 'SIGKILL');
  // The signal ends the process before anything below runs.
  for (;;);
};

const real = {
  write: fs.write,
  fdatasync: fs.fdatasync,
  open: promises.open,
  rm: promises.rm,
  rename: promises.rename,
};
const isSeal = (bytes) => bytes.toString('latin1', 14, 21) === '","s":{';
const dying = (point) => point === process.env.KILL_AT && left === 1;
/** What was written to each file last: `append` or `seal`. */
const lastWritten = new Map();

fs.write = (fd, bytes, offset, length, position, done) => {
  const what = isSeal(bytes) ? 'seal' : 'append';
  lastWritten.set(fd, what);
  reach(`${what}: not begun`);
  if (dying(`${what}: half written`)) fs.writeSync(fd, bytes, offset, Math.ceil(length / 2), position);
  reach(`${what}: half written`);
  real.write(fd, bytes, offset, length, position, done);
};

fs.fdatasync = (fd, done) => {
  reach(`${lastWritten.get(fd)}: written, not synced`);
  real.fdatasync(fd, (error) => {
    reach(`${lastWritten.get(fd)}: synced, not answered`);
    done(error);
  });
};

promises.open = async (path, flags, ...rest) => {
  const file = await real.open(path, flags, ...rest);
  if (flags === 'ax') reach('create: no record yet');
  return file;
};

promises.rm = async (path, ...rest) => {
  if (/\d{12}\.ndjson$/.test(path)) reach('archive: segment file not deleted');
  await real.rm(path, ...rest);
};

promises.rename = async (from, to) => {
  if (/archive/.test(to)) reach('archive: not renamed');
  await real.rename(from, to);
  if (/archive/.test(to)) reach('archive: renamed');
};

const run = DuckDBConnection.prototype.run;
let isLoad = false;
DuckDBConnection.prototype.run = async function (sql, ...rest) {
  if (sql === 'BEGIN') isLoad = false;
  if (/INSERT INTO load_ledger/.test(sql)) isLoad = true;
  if (sql === 'COMMIT' && isLoad) reach('load: not committed');
  if (/CHECKPOINT/.test(sql)) setImmediate(() => reach('stop: amid the checkpoint'));
  const result = await run.call(this, sql, ...rest);
  if (/INSERT INTO order_line/.test(sql)) reach('load: rows inserted');
  if (sql === 'COMMIT' && isLoad) reach('load: committed, not released');
  return result;
};

syncBuiltinESMExports();
const { main } = await import(new URL('../../dist/src/apps/cli.js', import.meta.url).href);
await main(process.argv);
