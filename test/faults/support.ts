import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { onTestFinished } from 'vitest';

/** The command line of this checkout, as built. */
export const built = [process.execPath, resolve('bin/slicehouse.cjs')] as const;
const readyLine = /Slicehouse is ready on (http:\/\/\S+)/;

/** How a process ended: with a code, or by a signal. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A folder of the running test, removed with it. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'slicehouse-faults-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** The built command line as a process of its own, which does not outlive the running test. */
export class CliProcess {
  readonly exited: Promise<Exit>;
  readonly #child: ChildProcess;
  #stdout = '';
  #stderr = '';

  /** Only the settings given here reach it, none of the test run's own. */
  constructor(
    args: readonly string[],
    settings: Readonly<Record<string, string>> = {},
    [program, ...first]: readonly [string, ...string[]] = built,
  ) {
    const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('SLICEHOUSE_'));
    const env = { ...Object.fromEntries(inherited), ...settings };
    this.#child = spawn(program, [...first, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child.stdout?.on('data', (chunk: Buffer) => {
      this.#stdout += chunk.toString();
    });
    this.#child.stderr?.on('data', (chunk: Buffer) => {
      this.#stderr += chunk.toString();
    });
    this.exited = new Promise((gone) => {
      this.#child.once('close', (code, signal) => gone({ code, signal }));
    });
    onTestFinished(async () => {
      await this.kill('SIGKILL');
    });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get stdout(): string {
    return this.#stdout;
  }

  get stderr(): string {
    return this.#stderr;
  }

  /** Both, as a terminal would show them but for the order. */
  get output(): string {
    return this.#stdout + this.#stderr;
  }

  /** Memory that the process has in use now, in bytes, as Linux counts it. */
  rssBytes(): number {
    const status = readFileSync(`/proc/${this.pid}/status`, 'utf8');
    return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) * 1024;
  }

  /** Sends the signal and resolves when the process is gone. */
  kill(signal: NodeJS.Signals): Promise<Exit> {
    this.#child.kill(signal);
    return this.exited;
  }

  /** The address from the ready line. Rejects with all output when the process ends without one. */
  async ready(): Promise<string> {
    let ended = false;
    const exit = this.exited.then(() => {
      ended = true;
    });
    for (;;) {
      const url = readyLine.exec(this.#stdout)?.[1];
      if (url !== undefined) return url;
      if (ended) throw new Error(`The server ended before it was ready:\n${this.output}`);
      await Promise.race([exit, new Promise((next) => setTimeout(next, 5))]);
    }
  }
}

/** Starts a server on a data folder and a free port, without waiting for it. */
export function startServer(folder: string, settings: Readonly<Record<string, string>> = {}): CliProcess {
  return new CliProcess(['start', '--data-dir', folder, '--port', '0'], settings);
}

/** What an address answers, as JSON. */
export async function getJson<T>(url: string): Promise<T> {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}: ${await answer.text()}`);
  return (await answer.json()) as T;
}

interface Pipeline {
  readonly backlog: { readonly bufferedBytes: number; readonly unloadedRecords: number };
}

/** Resolves when everything that the server has accepted is visible. */
export async function untilLoaded(url: string, withinMs = 60_000): Promise<void> {
  const end = performance.now() + withinMs;
  for (;;) {
    const { backlog } = await getJson<Pipeline>(`${url}/v1/pipeline`);
    if (backlog.bufferedBytes === 0 && backlog.unloadedRecords === 0) return;
    if (performance.now() > end) throw new Error(`Not loaded after ${withinMs} ms: ${JSON.stringify(backlog)}`);
    await new Promise((next) => setTimeout(next, 20));
  }
}
