import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Compile } from 'typebox/compile';
import { afterEach, expect, it } from 'vitest';
import { limits } from '../src/contract/limits.ts';
import { CustomerSchema, StoreSchema } from '../src/contract/reference.ts';
import { createChain } from './chain.ts';
import { memberShare } from './customers.ts';
import { type HistoryProgress, postHistory } from './history.ts';
import { type LiveOrder, runLive } from './live.ts';
import { runLoad } from './load.ts';
import type { SimulatorMessage } from './messages.ts';
import { customersOfChain, putCustomers, putStores, storesOf } from './reference.ts';
import { startSimulator } from './start-simulator.ts';

interface Received {
  readonly method: string;
  readonly path: string;
  readonly records: readonly Record<string, unknown>[];
  readonly batch: boolean;
}

type Answer = { status: number; body?: unknown; retryAfter?: number };

/** A server that keeps what it is sent and says yes, unless `answer` says otherwise. */
class Recorder {
  readonly received: Received[] = [];
  answer: (received: Received) => Answer | undefined = () => undefined;
  #server: Server | undefined;
  #port = 0;

  async open(): Promise<string> {
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      // A till that hangs up half way sends no end, and so nothing is taken.
      request.on('end', () => this.#take(request, Buffer.concat(chunks), response));
    });
    await new Promise<void>((resolve) => server.listen(this.#port, '127.0.0.1', resolve));
    this.#server = server;
    this.#port = (server.address() as AddressInfo).port;
    return `http://127.0.0.1:${this.#port}`;
  }

  async close(): Promise<void> {
    const server = this.#server;
    server?.closeAllConnections();
    await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)));
  }

  /** Distinct order_ids that were answered with yes. */
  get orderIds(): Set<unknown> {
    const orders = this.received.filter(({ path }) => path === '/v1/orders');
    return new Set(orders.flatMap(({ records }) => records.map((record) => record['order_id'])));
  }

  #take(request: IncomingMessage, body: Buffer, response: ServerResponse): void {
    expect(body.length).toBeLessThanOrEqual(limits.bodyBytesMax);
    const lines = body.toString().trim().split('\n');
    const received = {
      method: request.method ?? '',
      path: request.url ?? '',
      records: lines.map((line) => JSON.parse(line) as Record<string, unknown>),
      batch: request.headers['content-type'] === 'application/x-ndjson',
    };
    const { status, body: answer, retryAfter } = this.answer(received) ?? this.#yes(received);
    if (status < 300) this.received.push(received);
    const written = JSON.stringify(answer ?? {});
    response.writeHead(status, {
      'content-length': Buffer.byteLength(written),
      ...(retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) }),
    });
    response.end(written);
  }

  #yes({ batch, method, records }: Received): Answer {
    if (!batch) return { status: 202, body: { receipt: 'r', order_id: records[0]?.['order_id'], revision: 1 } };
    return { status: method === 'PUT' ? 200 : 202, body: { accepted: records.length, rejected: [] } };
  }
}

const chain = createChain({ seed: 1, stores: 60 });
/** A clock that starts on a Friday at 6 p.m. in New York. */
const shiftMs = Date.parse('2026-06-12T22:00:00Z') - Date.now();
const now = () => Date.now() + shiftMs;
let recorder = new Recorder();

afterEach(async () => {
  await recorder.close();
  recorder = new Recorder();
});

async function until(condition: () => boolean): Promise<void> {
  const endMs = Date.now() + 20_000;
  while (!condition()) {
    if (Date.now() > endMs) throw new Error('Waited for 20 seconds in vain.');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

it('posts history, the newest day first, waiting when the server is busy', async () => {
  const url = await recorder.open();
  let refusals = 3;
  // In the order they are first sent: what was refused arrives later, and of two in flight either may be first.
  const sent = new Set<string>();
  recorder.answer = ({ records }) => {
    sent.add(String(records[0]?.['order_id']).slice(7, 15));
    return refusals-- > 0 ? { status: 503, retryAfter: 0 } : undefined;
  };
  const seen: HistoryProgress[] = [];
  const onProgress = (progress: HistoryProgress) => seen.push(progress);
  const posted = await postHistory({ chain, url, from: '2026-06-05', to: '2026-06-10', onProgress });
  expect(recorder.orderIds.size).toBe(posted.ordersPosted);
  expect(recorder.received.flatMap(({ records }) => records)).toHaveLength(posted.recordsPosted);
  expect(posted.recordsPosted).toBeGreaterThan(posted.ordersPosted);
  expect(Math.abs(posted.ordersPosted / posted.ordersExpected - 1)).toBeLessThan(0.08);
  const dates = [...sent];
  expect(dates.slice(0, 2)).toContain('20260610');
  expect(dates.slice(-2)).toContain('20260605');
  expect(seen).toHaveLength(recorder.received.length);
});

it('leaves to the live orders what is sent after the moment it is given', async () => {
  const url = await recorder.open();
  const untilMs = Date.parse('2026-06-10T20:00:00Z');
  const posted = await postHistory({ chain, url, from: '2026-06-10', to: '2026-06-10', untilMs });
  const times = recorder.received.flatMap(({ records }) => records.map((record) => String(record['ordered_at'])));
  expect(Math.max(...times.map((time) => Date.parse(time)))).toBeLessThan(untilMs);
  expect(Math.abs(posted.ordersPosted / posted.ordersExpected - 1)).toBeLessThan(0.15);
});

it('counts rejected lines and goes on; gives up when the key is refused', async () => {
  const url = await recorder.open();
  const rejection = { line: 1, code: 'invalid_order', errors: [{ path: '/lines', message: 'no' }] };
  recorder.answer = ({ records }) => ({ status: 202, body: { accepted: records.length - 1, rejected: [rejection] } });
  const posted = await postHistory({ chain, url, from: '2026-06-08', to: '2026-06-08' });
  expect(posted.recordsRejected).toBe(recorder.received.length);
  recorder.answer = () => ({ status: 401, body: { code: 'unauthorized' } });
  await expect(postHistory({ chain, url, from: '2026-06-08', to: '2026-06-08' })).rejects.toThrow('401');
});

it('stops history when asked', async () => {
  const url = await recorder.open();
  recorder.answer = () => ({ status: 503, retryAfter: 30 });
  const stop = new AbortController();
  const posting = postHistory({ chain, url, from: '2026-06-01', to: '2026-06-10', signal: stop.signal });
  setTimeout(() => stop.abort(), 100);
  await expect(posting).rejects.toThrow();
});

it('posts what was missed, then live orders one by one, and keeps them while the server is away', async () => {
  let url = await recorder.open();
  const stop = new AbortController();
  const orders: LiveOrder[] = [];
  const running = runLive({
    chain,
    url,
    now,
    rate: 10,
    sinceMs: now() - 3 * 3_600_000,
    signal: stop.signal,
    onOrder: (order) => orders.push(order),
  });
  await until(() => recorder.received.some(({ batch }) => !batch));
  const first = recorder.received.findIndex(({ batch }) => !batch);
  expect(recorder.received.slice(0, first).every(({ batch }) => batch)).toBe(true);
  await recorder.close();
  const before = recorder.orderIds.size;
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  url = await recorder.open();
  await until(() => recorder.orderIds.size > before + 20);
  stop.abort();
  const summary = await running;
  expect(summary.retries).toBeGreaterThan(0);
  expect(summary.accepted).toBe(orders.length);
  expect(recorder.orderIds.size).toBeGreaterThanOrEqual(new Set(orders.map(({ orderId }) => orderId)).size);
  const live = recorder.received.filter(({ batch }) => !batch).flatMap(({ records }) => records);
  const fresh = live.filter((order) => now() - Date.parse(String(order['ordered_at'])) < 60_000);
  expect(fresh.length / live.length).toBeGreaterThan(0.8);
});

it('reports a refused live order and goes on', async () => {
  const url = await recorder.open();
  const stop = new AbortController();
  const orders: LiveOrder[] = [];
  const problem = { code: 'invalid_order', detail: 'No.', errors: [{ path: '/channel', message: 'unknown' }] };
  let asked = 0;
  recorder.answer = () => (++asked % 2 === 0 ? { status: 422, body: problem } : undefined);
  const running = runLive({ chain, url, now, rate: 20, signal: stop.signal, onOrder: (order) => orders.push(order) });
  await until(() => orders.length >= 10);
  stop.abort();
  const { rejected, accepted } = await running;
  expect(Math.min(rejected, accepted)).toBeGreaterThan(2);
  expect(orders.find((order) => !order.accepted)?.errors).toEqual(problem.errors);
});

it('sends reference data in parts that the contract allows', async () => {
  const url = await recorder.open();
  expect(await putStores({ chain, url })).toBe(60);
  const count = await putCustomers({ chain, url });
  expect(Math.abs(count / chain.customerCount - memberShare)).toBeLessThan(0.01);
  const stores = recorder.received.filter(({ path }) => path === '/v1/reference/stores');
  const customers = recorder.received.filter(({ path }) => path === '/v1/reference/customers');
  const [isStore, isCustomer] = [Compile(StoreSchema), Compile(CustomerSchema)];
  expect(stores.flatMap(({ records }) => records)).toEqual(storesOf(chain));
  expect(storesOf(chain).every((store) => isStore.Check(store))).toBe(true);
  for (const { records } of customers) {
    expect(records.length).toBeLessThanOrEqual(limits.batchOrdersMax);
    expect(records.every((record) => isCustomer.Check(record))).toBe(true);
  }
  const ids = customers.flatMap(({ records }) => records.map((record) => record['customer_id']));
  expect(ids).toEqual([...customersOfChain(chain)].map(({ customer_id: id }) => id));
  expect(new Set(ids).size).toBe(count);
});

it('keeps the pace it is asked for, and knows what was acknowledged', async () => {
  const url = await recorder.open();
  const acknowledged: string[] = [];
  const summary = await runLoad({
    chain,
    url,
    ordersPerSecond: 500,
    seconds: 2,
    connections: 8,
    onAcknowledged: ({ orderId, revision }) => acknowledged.push(`${orderId} ${revision}`),
  });
  expect(summary.acknowledged).toBe(1_000);
  expect(summary.latencyMs.p50).toBeLessThan(summary.latencyMs.max);
  const received = recorder.received.map(
    ({ records: [order] }) => `${order?.['order_id']} ${order?.['revision'] ?? 1}`,
  );
  expect(received.sort()).toEqual(acknowledged.sort());
});

it('posts again under load what a broken connection or a busy server left open', async () => {
  const url = await recorder.open();
  let asked = 0;
  recorder.answer = () => (++asked % 10 === 0 ? { status: 503, retryAfter: 0 } : undefined);
  const acknowledged = new Set<string>();
  const stop = new AbortController();
  const running = runLoad({
    chain,
    url,
    ordersPerSecond: 1_000,
    connections: 8,
    signal: stop.signal,
    onAcknowledged: ({ orderId, revision }) => acknowledged.add(`${orderId} ${revision}`),
  });
  await until(() => acknowledged.size > 300);
  await recorder.close();
  await recorder.open();
  const before = acknowledged.size;
  await until(() => acknowledged.size > before + 300);
  stop.abort();
  expect((await running).retries).toBeGreaterThan(10);
  const received = new Set(
    recorder.received.map(({ records: [one] }) => `${one?.['order_id']} ${one?.['revision'] ?? 1}`),
  );
  for (const one of acknowledged) expect(received).toContain(one);
});

it('runs as a worker: stores, history, live orders, customers, until it is told to stop', async () => {
  const url = await recorder.open();
  const messages: SimulatorMessage[] = [];
  const sinceMs = Date.now() - 12 * 3_600_000;
  const data = { url, seed: 1, stores: 60, historyDays: 1, rate: 2, profile: 'superbowl', sinceMs } as const;
  const simulator = startSimulator(data, (message) => messages.push(message));
  const has = (type: SimulatorMessage['type']) => messages.some((message) => message.type === type);
  await until(() => has('customers') && has('history_posted') && has('live'));
  await simulator.stop();
  expect(messages[0]).toEqual({ type: 'stores', count: 60 });
  expect(messages.at(-1)).toEqual({ type: 'done' });
  expect(has('error')).toBe(false);
  expect(recorder.received[0]?.path).toBe('/v1/reference/stores');
  expect([...recorder.orderIds].some((id) => String(id).includes('-g'))).toBe(true);
});
