import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { dateOf, dayMs } from './calendar.ts';
import { createChain } from './chain.ts';
import { postHistory } from './history.ts';
import { type LiveOrder, runLive } from './live.ts';
import { type SimulatorData, type SimulatorMessage, stopMessage } from './messages.ts';
import { putCustomers, putStores } from './reference.ts';

const liveMessageMs = 250;
const waitingMessageMs = 1_000;

/** Stores first, so that orders find their state; then live orders and history at once; customers last. */
async function simulate(data: SimulatorData, port: MessagePort, signal: AbortSignal): Promise<void> {
  const tell = (message: SimulatorMessage) => port.postMessage(message);
  const { seed, stores, historyDays, rate, profile } = data;
  const chain = createChain({ seed, stores });
  const to = { chain, url: data.url, headers: data.headers, signal, onRetry: reportRetries(tell) };
  const startedMs = Date.now();
  tell({ type: 'stores', count: await putStores(to) });
  const past = async () => {
    if (historyDays > 0) {
      const posted = await postHistory({
        ...to,
        from: dateOf(Math.floor(startedMs / dayMs) - historyDays),
        to: dateOf(Math.floor(startedMs / dayMs)),
        untilMs: startedMs,
        onProgress: (progress) => tell({ type: 'progress', ...progress }),
      });
      tell({ type: 'history_posted', ...posted });
    }
    tell({ type: 'customers', count: await putCustomers(to) });
  };
  const sinceMs = data.sinceMs ?? startedMs;
  const live = runLive({ ...to, rate, profile, sinceMs, onOrder: reportLive(tell, signal) });
  await Promise.all([past(), live]);
}

/** Tells of live orders at most four times a second, and of the last one soon. */
function reportLive(tell: (message: SimulatorMessage) => void, signal: AbortSignal): (order: LiveOrder) => void {
  let [accepted, rejected] = [0, 0];
  let [last, lastRejected]: [LiveOrder?, LiveOrder?] = [];
  const timer = setInterval(() => {
    if (last === undefined) return;
    tell({ type: 'live', accepted, rejected, last, ...(lastRejected ? { lastRejected } : {}) });
    last = undefined;
  }, liveMessageMs);
  signal.addEventListener('abort', () => clearInterval(timer));
  return (order) => {
    last = order;
    if (order.accepted) accepted++;
    else {
      rejected++;
      lastRejected = order;
    }
  };
}

function reportRetries(tell: (message: SimulatorMessage) => void): (reason: string) => void {
  let toldMs = 0;
  return (reason) => {
    if (Date.now() - toldMs < waitingMessageMs) return;
    toldMs = Date.now();
    tell({ type: 'waiting', reason });
  };
}

async function work(port: MessagePort): Promise<void> {
  const stop = new AbortController();
  port.on('message', (message) => {
    if (message === stopMessage) stop.abort();
  });
  try {
    await simulate(workerData as SimulatorData, port, stop.signal);
  } catch (error) {
    if (!stop.signal.aborted) {
      const message = error instanceof Error ? error.message : String(error);
      port.postMessage({ type: 'error', message } satisfies SimulatorMessage);
    }
  } finally {
    stop.abort();
    port.postMessage({ type: 'done' } satisfies SimulatorMessage);
    port.close();
  }
}

if (parentPort !== null) await work(parentPort);
