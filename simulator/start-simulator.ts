import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { type SimulatorData, type SimulatorMessage, stopMessage } from './messages.ts';

/** A chain that is posting orders from a thread of its own. */
export interface RunningSimulator {
  /** Settles when the thread has ended; rejects when it broke. */
  readonly ended: Promise<void>;
  /** Ends it: what is on its way is given up, and posted again at the next start. */
  stop(): Promise<void>;
}

/** Starts a simulator in a worker thread. */
export function startSimulator(data: SimulatorData, onMessage: (message: SimulatorMessage) => void): RunningSimulator {
  const worker = createWorker(data);
  worker.on('message', onMessage);
  const ended = once(worker, 'exit').then(() => undefined);
  return {
    ended,
    async stop() {
      worker.postMessage(stopMessage);
      await ended;
    },
  };
}

/** The built product runs worker.js; in development the thread needs tsx, which it does not inherit. */
function createWorker(workerData: SimulatorData): Worker {
  const file = import.meta.url.replace(/start-simulator\.(ts|js)$/, 'worker.$1');
  if (file.endsWith('.js')) return new Worker(new URL(file), { workerData });
  const start = `import('tsx/esm/api').then(({ register }) => { register(); return import(${JSON.stringify(file)}); })`;
  return new Worker(start, { eval: true, workerData });
}
