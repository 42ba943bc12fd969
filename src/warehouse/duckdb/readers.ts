import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { SlicehouseError } from '../../contract/errors.ts';

const interruptEveryMs = 20;

/** Connections for reading: at most `size` queries run at once, at most `waitingMax` wait for their turn. */
export class Readers {
  readonly #instance: DuckDBInstance;
  readonly #idle: DuckDBConnection[] = [];
  readonly #waiting: Array<() => void> = [];
  readonly #size: number;
  readonly #waitingMax: number;
  #busy = 0;

  constructor(instance: DuckDBInstance, size: number, waitingMax: number) {
    this.#instance = instance;
    this.#size = size;
    this.#waitingMax = waitingMax;
  }

  /** Lends a connection; an aborted signal interrupts what runs on it. */
  async use<T>(task: (connection: DuckDBConnection) => Promise<T>, signal?: AbortSignal): Promise<T> {
    const connection = await this.#take(signal);
    let interrupting: NodeJS.Timeout | undefined;
    // Again and again, because an interrupt that meets no running statement is forgotten.
    const interrupt = (): void => {
      interrupting = setInterval(() => connection.interrupt(), interruptEveryMs);
      connection.interrupt();
    };
    signal?.addEventListener('abort', interrupt);
    try {
      signal?.throwIfAborted();
      return await task(connection);
    } finally {
      signal?.removeEventListener('abort', interrupt);
      clearInterval(interrupting);
      this.give(connection);
    }
  }

  async take(): Promise<DuckDBConnection> {
    return this.#take();
  }

  give(connection: DuckDBConnection): void {
    this.#busy -= 1;
    this.#idle.push(connection);
    this.#waiting.shift()?.();
  }

  close(): void {
    for (const connection of this.#idle.splice(0)) connection.closeSync();
  }

  async #take(signal?: AbortSignal): Promise<DuckDBConnection> {
    while (this.#busy >= this.#size) {
      if (this.#waiting.length >= this.#waitingMax) {
        throw new SlicehouseError('overloaded', 'Too many reports are being computed; try again in a second.', {
          retryAfterSeconds: 1,
        });
      }
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
      signal?.throwIfAborted();
    }
    this.#busy += 1;
    return this.#idle.pop() ?? (await this.#instance.connect());
  }
}
