import { setTimeout as sleep } from 'node:timers/promises';
import { orderId, orderOf } from './orders.ts';
import type { Random } from './random.ts';

/** How one connection posts: this many orders at a time; 1 posts them as JSON, more as NDJSON. */
export interface Connection {
  readonly ordersMin: number;
  readonly ordersMax: number;
}

/** An answer other than 202: its problem code, and after how many seconds it says to try again. */
export interface Refusal {
  readonly status: number;
  readonly code: string | undefined;
  readonly retryAfterSeconds: number;
}

/** Several of the same kind. */
export function connections(count: number, ordersMin: number, ordersMax: number): Connection[] {
  return Array.from({ length: count }, () => ({ ordersMin, ordersMax }));
}

/**
 * Senders that keep books: what they sent, and what was acknowledged with 202. They send some acknowledged orders
 * again, and orders whose answer was lost, as a till does.
 */
export class Traffic {
  /** Numbers of orders, see `orderOf`. */
  readonly sent = new Set<number>();
  readonly acknowledged = new Set<number>();
  /** Repeats included. */
  sentRecords = 0;
  acknowledgedRecords = 0;
  /** Longest time that a request took which was answered with 202. */
  slowestMs = 0;
  /** Every answer other than 202. */
  readonly refusals: Refusal[] = [];
  /** Answers that say something else than a 202 may. */
  readonly wrongAnswers: string[] = [];
  readonly #random: Random;
  readonly #receipts = new Map<number, string>();
  readonly #doubtful: number[] = [];
  #next = 1;

  constructor(random: Random) {
    this.#random = random;
  }

  /** Posts without pause until told to stop; an answer that is on its way then is waited for. */
  async run(url: string, list: readonly Connection[], stop: AbortSignal): Promise<void> {
    await Promise.all(list.map((connection) => this.#post(url, connection, stop)));
  }

  /** Posts these orders once. Resolves with the status, or undefined when the connection broke. */
  async send(url: string, numbers: readonly number[], asBatch: boolean): Promise<number | undefined> {
    for (const number of numbers) this.sent.add(number);
    this.sentRecords += numbers.length;
    const body = numbers.map((number) => JSON.stringify(orderOf(number))).join('\n');
    const type = asBatch ? 'application/x-ndjson' : 'application/json';
    const sentAt = performance.now();
    let answer: Response;
    try {
      answer = await fetch(`${url}/v1/orders`, { method: 'POST', headers: { 'content-type': type }, body });
    } catch {
      this.#doubtful.push(...numbers);
      return undefined;
    }
    const text = await answer.text().catch(() => undefined);
    if (answer.status === 202) {
      this.slowestMs = Math.max(this.slowestMs, performance.now() - sentAt);
      this.#note(numbers, text, asBatch);
    } else {
      this.refusals.push(refusalOf(answer, text));
    }
    return answer.status;
  }

  /** The next numbers that nobody has sent. */
  fresh(count: number): number[] {
    return Array.from({ length: count }, () => this.#next++);
  }

  async #post(url: string, { ordersMin, ordersMax }: Connection, stop: AbortSignal): Promise<void> {
    while (!stop.aborted) {
      const numbers = this.#choose(this.#random.between(ordersMin, ordersMax));
      const status = await this.send(url, numbers, ordersMax > 1);
      if (status !== 202) await sleep(10);
    }
  }

  #choose(count: number): number[] {
    const again = this.#random.chance(0.2) ? this.#doubtful.splice(0, count) : [];
    const room = count - again.length;
    const twice = room > 0 && this.#random.chance(0.1) ? [this.#random.between(1, Math.max(1, this.#next - 1))] : [];
    const numbers = [...again, ...twice, ...this.fresh(room - twice.length)];
    if (count > 1 && this.#random.chance(0.2)) numbers.push(...numbers.slice(0, 1));
    return numbers;
  }

  #note(numbers: readonly number[], text: string | undefined, asBatch: boolean): void {
    for (const number of numbers) this.acknowledged.add(number);
    this.acknowledgedRecords += numbers.length;
    if (text === undefined) return;
    const answer = JSON.parse(text) as { accepted?: number; order_id?: string; receipt?: string };
    const [number = 0] = numbers;
    const right = asBatch ? answer.accepted === numbers.length : this.#isReceiptOf(number, answer);
    if (!right) this.wrongAnswers.push(text);
  }

  #isReceiptOf(number: number, { order_id, receipt }: { order_id?: string; receipt?: string }): boolean {
    const known = this.#receipts.get(number) ?? receipt;
    if (receipt !== undefined) this.#receipts.set(number, receipt);
    return order_id === orderId(number) && receipt !== undefined && receipt === known;
  }
}

function refusalOf({ status, headers }: Response, text: string | undefined): Refusal {
  const isProblem = headers.get('content-type')?.startsWith('application/problem+json') === true;
  const { code } = isProblem && text !== undefined ? (JSON.parse(text) as { code?: string }) : {};
  return { status, code, retryAfterSeconds: Number(headers.get('retry-after')) };
}
