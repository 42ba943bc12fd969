import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Connection, createConnection } from 'mysql2/promise';
import { afterAll, beforeAll, beforeEach } from 'vitest';

/** A MariaDB server of its own, reached as root without a password, or as the read-only account `reader`. */
export interface MariaDb {
  readonly port: number;
  /** The password of `reader`@`%`, who may SELECT from the database `shop`. */
  readonly password: string;
  /** A connection as root, with `shop` as its database, that the caller ends. */
  connect(): Promise<Connection>;
  /** Runs statements as root. */
  run(...statements: readonly string[]): Promise<void>;
  /** Empties the database. */
  reset(): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Sends the process a signal, such as SIGSTOP and SIGCONT. */
  signal(signal: NodeJS.Signals): void;
}

const ports = { first: 8340, last: 8359 };
const password = 's3cret\'"\\ñ-of-the-reader';
const asRoot = process.getuid?.() === 0 ? ['--user=root'] : [];

/** What a test file wants of its server. Neither is asked for where there is no MariaDB. */
interface Wishes {
  /** Options of mariadbd. */
  readonly options?: () => readonly string[];
  /** Runs once, before the tests. */
  readonly prepare?: (server: MariaDb) => Promise<void>;
}

/**
 * Starts a server for the calling test file or block, on a new folder that is removed when it ends. Without MariaDB
 * the tests are skipped aloud, and in CI they fail.
 */
export function testMariaDb({ options = () => [], prepare }: Wishes = {}): () => MariaDb {
  const program = findProgram();
  let server: MariaDbServer | undefined;
  const reason = 'no MariaDB here: apt-get install mariadb-server';
  beforeAll(async () => {
    if (!program && process.env['CI'] === 'true') throw new Error(`These tests need MariaDB, and there is ${reason}`);
    if (!program) return console.log(`Skipped: ${reason}`);
    server = await MariaDbServer.create(program, options());
    await prepare?.(server);
  }, 120_000);
  beforeEach((context) => {
    if (!program) context.skip(reason);
  });
  afterAll(() => server?.remove(), 60_000);
  return () => {
    if (!server) throw new Error('The server is there within tests only.');
    return server;
  };
}

function findProgram(): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(':'), '/usr/sbin', '/usr/local/sbin'];
  const isInstallable = folders.some((folder) => existsSync(join(folder, 'mariadb-install-db')));
  return isInstallable ? folders.map((folder) => join(folder, 'mariadbd')).find((path) => existsSync(path)) : undefined;
}

class MariaDbServer implements MariaDb {
  readonly password = password;
  port = 0;
  readonly #program: string;
  readonly #folder: string;
  readonly #args: readonly string[];
  #process: ChildProcess | undefined;

  private constructor(program: string, folder: string, args: readonly string[]) {
    this.#program = program;
    this.#folder = folder;
    this.#args = args;
  }

  static async create(program: string, args: readonly string[]): Promise<MariaDbServer> {
    const folder = mkdtempSync(join(tmpdir(), 'slicehouse-db-'));
    const server = new MariaDbServer(program, folder, args);
    try {
      install(join(folder, 'data'));
      await server.start();
      await server.run(
        `CREATE USER reader@'%' IDENTIFIED BY '${password.replace(/['\\]/g, '\\$&')}'`,
        "GRANT SELECT ON shop.* TO reader@'%'",
      );
      return server;
    } catch (error) {
      await server.remove();
      throw error;
    }
  }

  async connect(): Promise<Connection> {
    const options = { socketPath: join(this.#folder, 'socket'), user: 'root', charset: 'utf8mb4' };
    const connection = await createConnection(options);
    await connection.query('CREATE DATABASE IF NOT EXISTS shop CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci');
    await connection.query('USE shop');
    return connection;
  }

  async run(...statements: readonly string[]): Promise<void> {
    const connection = await this.connect();
    try {
      for (const statement of statements) await connection.query(statement);
    } finally {
      await connection.end();
    }
  }

  reset(): Promise<void> {
    return this.run('DROP DATABASE shop');
  }

  /** Another process may take a port that was free a moment ago; then it is the next one's turn. */
  async start(): Promise<void> {
    const wanted = this.port === 0 ? await freePorts() : [this.port];
    for (const port of wanted) {
      this.port = port;
      if (await this.#startOn(port)) return;
    }
    throw new Error(`MariaDB did not start:\n${this.#log()}`);
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    const running = this.#process;
    this.#process = undefined;
    if (!running || running.exitCode !== null || running.signalCode !== null) return;
    const exited = once(running, 'exit');
    running.kill(signal);
    await exited;
  }

  signal(signal: NodeJS.Signals): void {
    this.#process?.kill(signal);
  }

  async remove(): Promise<void> {
    await this.stop('SIGKILL');
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #startOn(port: number): Promise<boolean> {
    const started = spawn(this.#program, this.#options(port), { stdio: 'ignore' });
    this.#process = started;
    for (const end = performance.now() + 60_000; performance.now() < end; await sleep(50)) {
      if (started.exitCode !== null || started.signalCode !== null) return false;
      try {
        await (await this.connect()).end();
        return true;
      } catch {
        // Not yet.
      }
    }
    await this.stop('SIGKILL');
    return false;
  }

  #options(port: number): string[] {
    return [
      '--no-defaults',
      ...asRoot,
      `--datadir=${join(this.#folder, 'data')}`,
      `--socket=${join(this.#folder, 'socket')}`,
      `--pid-file=${join(this.#folder, 'pid')}`,
      `--log-error=${join(this.#folder, 'log')}`,
      `--port=${port}`,
      '--bind-address=127.0.0.1',
      '--skip-name-resolve',
      '--innodb-buffer-pool-size=64M',
      '--innodb-flush-log-at-trx-commit=0',
      '--innodb-log-file-size=32M',
      '--sql-mode=',
      ...this.#args,
    ];
  }

  #log(): string {
    const path = join(this.#folder, 'log');
    return existsSync(path) ? readFileSync(path, 'utf8').slice(-2_000) : 'no log';
  }
}

function install(folder: string): void {
  const options = ['--no-defaults', ...asRoot, `--datadir=${folder}`, '--auth-root-authentication-method=normal'];
  const { status, stdout, stderr } = spawnSync('mariadb-install-db', [...options, '--skip-test-db'], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`mariadb-install-db failed:\n${stdout}${stderr}`);
}

async function freePorts(): Promise<number[]> {
  const free: number[] = [];
  for (let port = ports.first; port <= ports.last; port += 1) if (await isFree(port)) free.push(port);
  // Test files run side by side, one a worker: each has a port that it tries first, and again after a restart.
  const worker = Number(process.env['VITEST_POOL_ID'] ?? process.pid);
  const own = ports.first + (worker % (ports.last - ports.first + 1));
  return [...free.filter((port) => port >= own), ...free.filter((port) => port < own)];
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}
