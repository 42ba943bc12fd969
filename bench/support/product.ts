import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { askJson } from './http.ts';
import { killAtExit } from './kill-at-exit.ts';

const command = fileURLToPath(new URL('../../bin/slicehouse.cjs', import.meta.url));
const readyLine = /Slicehouse is ready on (http:\/\/\S+)/;
const outputCharsMax = 20_000;
const stopMsMax = 30_000;

/** The part of `GET /v1/pipeline` that is looked at here. */
export interface PipelineState {
  readonly freshness: {
    readonly p50_ms: number | null;
    readonly p99_ms: number | null;
    readonly max_ms: number | null;
    readonly records: number;
  };
  readonly backlog: { readonly bufferedBytes: number; readonly unloadedRecords: number };
  readonly compaction: {
    readonly running: boolean;
    readonly due: boolean;
    readonly lines: number;
    readonly total: number;
  } | null;
}

/** The built product as a process of its own. */
export class Product implements AsyncDisposable {
  readonly url: string;
  /** When the process was started, by `performance.now()`. */
  readonly spawnedMs: number;
  readonly #child: ChildProcess;
  readonly #output: Output;

  private constructor(url: string, spawnedMs: number, child: ChildProcess, output: Output) {
    this.url = url;
    this.spawnedMs = spawnedMs;
    this.#child = child;
    this.#output = output;
  }

  /**
   * Starts it on a free port and waits until it is ready.
   *
   * @param args command and options, such as `['start']`
   * @throws Error with what it printed when it ends instead
   */
  static async start(args: readonly string[], dataDir: string): Promise<Product> {
    const spawnedMs = performance.now();
    const child = spawn(process.execPath, [command, ...args, '--data-dir', dataDir, '--port', '0'], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    killAtExit(child);
    const output = new Output(child);
    const [, url = ''] = await output.until(readyLine);
    return new Product(url, spawnedMs, child, output);
  }

  /** Waits until it has printed something; the match of the pattern. */
  until(pattern: RegExp): Promise<RegExpExecArray> {
    return this.#output.until(pattern);
  }

  pipeline(): Promise<PipelineState> {
    return askJson<PipelineState>(`${this.url}/v1/pipeline`);
  }

  /**
   * Waits until reports count everything that was accepted; how long that took, in seconds.
   *
   * @param say told every two seconds how much is left
   */
  async settled(say: (text: string) => void = () => undefined): Promise<number> {
    const startMs = performance.now();
    let saidMs = startMs;
    for (;;) {
      const { backlog } = await this.pipeline();
      if (backlog.bufferedBytes === 0 && backlog.unloadedRecords === 0) return (performance.now() - startMs) / 1000;
      if (performance.now() - saidMs > 2_000) {
        saidMs = performance.now();
        say(`${backlog.unloadedRecords.toLocaleString('en-US')} orders wait to be loaded`);
      }
      await sleep(20);
    }
  }

  /** Waits until the lines that were loaded lie in order as well. */
  async inOrder(say: (text: string) => void = () => undefined): Promise<void> {
    for (;;) {
      const { compaction } = await this.pipeline();
      if (!compaction?.due && !compaction?.running) return;
      if (compaction.total > 0)
        say(
          `${compaction.lines.toLocaleString('en-US')} of ${compaction.total.toLocaleString('en-US')} lines lie in order`,
        );
      await sleep(2_000);
    }
  }

  /** The most memory that the process has held at once, in MB; null where the system does not tell (Linux does). */
  peakMemoryMb(): number | null {
    try {
      const kilobytes = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${this.#child.pid}/status`, 'utf8'))?.[1];
      return kilobytes === undefined ? null : (Number(kilobytes) * 1024) / 1e6;
    } catch {
      return null;
    }
  }

  /** Asks it to stop and waits until it has. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), stopMsMax);
    await gone;
    clearTimeout(timer);
  }
}

/** What a process prints, on either stream. */
class Output {
  readonly #child: ChildProcess;
  #text = '';

  constructor(child: ChildProcess) {
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        this.#text = (this.#text + chunk.toString()).slice(-outputCharsMax);
        child.emit('printed');
      });
    }
  }

  until(pattern: RegExp): Promise<RegExpExecArray> {
    return new Promise((resolve, reject) => {
      const look = () => {
        const match = pattern.exec(this.#text);
        if (match === null) return;
        this.#child.off('printed', look).off('exit', fail);
        resolve(match);
      };
      const fail = (code: number | null) => {
        this.#child.off('printed', look);
        reject(new Error(`Slicehouse ended (code ${code}) too early. It printed:\n${this.#text.slice(-2_000)}`));
      };
      this.#child.on('printed', look).once('exit', fail);
      look();
    });
  }
}
