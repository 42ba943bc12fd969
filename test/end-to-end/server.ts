import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Order } from '../../src/contract/order.ts';

const readyLine = /Slicehouse is ready on (http:\/\/\S+)/;
const startMs = 60_000;
const visibleMs = 15_000;

type Settings = Readonly<Record<string, string>>;

/** The built product as a process of its own, on a data folder of its own. */
export class Server {
  readonly url: string;
  readonly #process: ChildProcess;
  readonly #folder: string;
  readonly #settings: Settings;

  private constructor(url: string, child: ChildProcess, folder: string, settings: Settings) {
    this.url = url;
    this.#process = child;
    this.#folder = folder;
    this.#settings = settings;
  }

  /** Starts on a new, empty folder and a free port, with settings by their environment variables. */
  static async start(settings: Settings = {}): Promise<Server> {
    return Server.#run(await mkdtemp(join(tmpdir(), 'slicehouse-e2e-')), '0', settings);
  }

  /** Starts again on the same folder and the same port; `stop` comes before. */
  restart(): Promise<Server> {
    return Server.#run(this.#folder, new URL(this.url).port, this.#settings);
  }

  static async #run(folder: string, port: string, settings: Settings): Promise<Server> {
    const child = spawn(process.execPath, ['bin/slicehouse.cjs', 'start', '--data-dir', folder, '--port', port], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...settings },
    });
    return new Server(await addressOf(child), child, folder, settings);
  }

  /** Ends the process and waits until it is gone; the data stays. */
  async stop(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const gone = once(this.#process, 'exit');
    this.#process.kill('SIGTERM');
    await gone;
  }

  /** Removes the data folder. */
  async removeData(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** Runs a command on the same folder and resolves with what it printed. */
  async command(...words: string[]): Promise<string> {
    const line = ['bin/slicehouse.cjs', ...words, '--data-dir', this.#folder];
    return (await promisify(execFile)(process.execPath, line)).stdout.trim();
  }

  /** Posts orders as one batch; resolves when they are accepted. */
  async post(orders: readonly Order[]): Promise<void> {
    const response = await fetch(`${this.url}/v1/orders`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-ndjson' },
      body: orders.map((order) => `${JSON.stringify(order)}\n`).join(''),
    });
    const answer = (await response.json()) as { accepted?: number };
    if (answer.accepted !== orders.length) throw new Error(`Not every order was taken: ${JSON.stringify(answer)}`);
  }

  /** Runs the refresh, or these steps of it, and resolves when it has ended. */
  async refresh(only?: string): Promise<void> {
    const answer = await fetch(`${this.url}/v1/refresh${only === undefined ? '' : `?only=${only}`}`, {
      method: 'POST',
    });
    const last = (await answer.text()).trimEnd().split('\n').at(-1) ?? '';
    if (!('result' in JSON.parse(last))) throw new Error(`The refresh did not end: ${last}`);
  }

  /** Resolves when the reports count so many orders; throws after 15 seconds. */
  async untilVisible(orders: number): Promise<void> {
    const end = Date.now() + visibleMs;
    let visible = -1;
    while (Date.now() < end) {
      const response = await fetch(`${this.url}/v1/reports/sales-summary`);
      const answer = (await response.json()) as { rows: { orders: number }[] };
      visible = answer.rows[0]?.orders ?? 0;
      if (visible === orders) return;
      await sleep(50);
    }
    throw new Error(`Reports count ${visible} orders, not ${orders}.`);
  }
}

async function addressOf(child: ChildProcess): Promise<string> {
  let output = '';
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`The server was not ready in ${startMs / 1000} s:\n${output}`));
    }, startMs);
    child.stdout?.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      const url = readyLine.exec(output)?.[1];
      if (url === undefined) return;
      clearTimeout(timer);
      resolve(url);
    });
    child.stderr?.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
    child.once('exit', (code) => {
      clearTimeout(timer);
      reject(new Error(`The server ended with code ${code} before it was ready:\n${output}`));
    });
  });
}
