import type { BatchAnswer, OrderAnswer, Rejection } from '../contract/answers.ts';
import type { DeliveredReject } from '../contract/delivered-order.ts';
import { type Fault, SlicehouseError } from '../contract/errors.ts';
import { limits } from '../contract/limits.ts';
import type { Vocabulary } from '../contract/vocabulary.ts';
import { readJson } from '../http/read-json.ts';
import { splitLines } from '../http/split-lines.ts';
import type { RecordAppender } from '../stream/stream.ts';
import { Breath } from './breath.ts';
import { checkOrder } from './check-order.ts';
import { orderIdentity, quarantineId } from './order-identity.ts';
import { prepareOrder, TermCache } from './prepare-order.ts';
import { RecentReceipts } from './recent-receipts.ts';
import { stamped } from './stamped.ts';

export interface IngestOptions {
  readonly stream: RecordAppender;
  readonly vocabulary: Vocabulary;
  readonly now: () => number;
}

/** Who sends, and what becomes of the records that cannot be taken. */
export interface Sender {
  readonly source: string;
  /** False for senders that look after their rejects themselves. */
  readonly quarantineRejects: boolean;
}

/** An order that can be taken, as its sender is answered and as a segment file carries it. */
export interface JudgedOrder {
  readonly answer: OrderAnswer;
  readonly orderKey: string;
  /** Without the time of acceptance. */
  readonly json: string;
}

/** The way in: bytes become checked, prepared, durable orders, or answers that say what is wrong with them. */
export class Ingest {
  readonly recent = new RecentReceipts();
  readonly #stream: RecordAppender;
  readonly #now: () => number;
  readonly #terms: TermCache;

  constructor({ stream, vocabulary, now }: IngestOptions) {
    this.#stream = stream;
    this.#now = now;
    this.#terms = new TermCache(vocabulary);
  }

  /**
   * Takes one order. Resolves once it is durable.
   *
   * @throws SlicehouseError `malformed_json`, `invalid_order` with every fault, or what the stream throws
   */
  async takeOne(bytes: Buffer, sender: Sender): Promise<OrderAnswer> {
    let judged: JudgedOrder;
    try {
      judged = this.judge(bytes, sender.source);
    } catch (error) {
      if (error instanceof SlicehouseError && sender.quarantineRejects)
        await this.#quarantineRefused(bytes, sender, error);
      throw error;
    }
    const acceptedAtMs = await this.#append([judged.json]);
    this.#remember(judged.answer, sender.source, acceptedAtMs);
    return judged.answer;
  }

  /**
   * Takes NDJSON, one order a line; blank lines count as lines and are passed over. Good orders beside bad ones
   * are taken. Resolves once all of them are durable.
   *
   * @throws SlicehouseError `payload_too_large` for more than 10,000 orders, or what the stream throws
   */
  async takeBatch(bytes: Buffer, sender: Sender): Promise<BatchAnswer> {
    const lines = splitLines(bytes);
    if (lines.length > limits.batchOrdersMax) {
      const detail = `A batch takes ${limits.batchOrdersMax} orders at the most; this one has ${lines.length}. Send it in parts.`;
      throw new SlicehouseError('payload_too_large', detail);
    }
    const [records, rejected, answers]: [string[], Rejection[], OrderAnswer[]] = [[], [], []];
    const breath = new Breath();
    for (const { number, content } of lines) {
      try {
        const { json, answer } = this.judge(content, sender.source);
        records.push(json);
        answers.push(answer);
      } catch (error) {
        if (!(error instanceof SlicehouseError)) throw error;
        rejected.push({ line: number, code: error.code, errors: faultsOf(error) });
        if (sender.quarantineRejects) records.push(rejectJson(content, sender.source, null, error.code, error));
      }
      if (breath.isDue) await breath.take();
    }
    const acceptedAtMs = await this.#append(records);
    for (const answer of answers) this.#remember(answer, sender.source, acceptedAtMs);
    return { accepted: answers.length, rejected };
  }

  /** Puts records that somebody else could not take into quarantine. Resolves once they are durable. */
  async quarantine(
    rejects: readonly { origin: string | null; code: string; reason: string; bytes: Buffer }[],
    source: string,
  ): Promise<void> {
    const records = rejects.map(({ origin, code, reason, bytes }) =>
      rejectJson(bytes, source, origin, code, { message: reason, errors: [] }),
    );
    await this.#append(records);
  }

  /**
   * What a body becomes when it is taken, without taking it.
   *
   * @throws SlicehouseError `malformed_json`, or `invalid_order` with every fault
   */
  judge(bytes: Buffer, source: string): JudgedOrder {
    const checked = checkOrder(readJson(bytes), this.#now());
    if ('faults' in checked) {
      throw new SlicehouseError('invalid_order', explain(checked.faults), { errors: checked.faults });
    }
    const { order } = checked;
    const revision = order.revision ?? 1;
    const identity = orderIdentity(source, order.order_id, revision);
    const json = JSON.stringify(prepareOrder(order, identity, source, this.#terms));
    const answer = { receipt: identity.receipt, order_id: order.order_id, revision };
    return { answer, orderKey: identity.orderKey, json };
  }

  async #quarantineRefused(bytes: Buffer, { source }: Sender, error: SlicehouseError): Promise<void> {
    if (bytes.length === 0) return;
    await this.#append([rejectJson(bytes, source, null, error.code, error)]);
  }

  #remember({ receipt, order_id }: OrderAnswer, source: string, acceptedAtMs: number): void {
    this.recent.remember(receipt, { source, order_id, acceptedAtMs });
  }

  /** Resolves with the time of acceptance once the records are durable. */
  async #append(records: readonly string[]): Promise<number> {
    const acceptedAtMs = this.#now();
    if (records.length > 0) await this.#stream.append(records.map((json) => stamped(json, acceptedAtMs)));
    return acceptedAtMs;
  }
}

function explain(faults: readonly Fault[]): string {
  const [first] = faults;
  const more = faults.length > 1 ? ` (and ${faults.length - 1} more; see errors)` : '';
  return `${first?.path || 'The order'} ${first?.message}${more}. Mend it and send it again.`;
}

/** What an error says is wrong, as a list that is never empty. */
export function faultsOf(error: SlicehouseError): Fault[] {
  return error.errors.length > 0 ? [...error.errors] : [{ path: '', message: error.message }];
}

function rejectJson(
  bytes: Buffer,
  source: string,
  origin: string | null,
  code: string,
  { message, errors }: { message: string; errors: readonly Fault[] },
): string {
  const reason = errors.length > 0 ? errors.map((fault) => `${fault.path} ${fault.message}`).join('; ') : message;
  const reject: Omit<DeliveredReject, 'accepted_at_ms'> = {
    type: 'reject',
    quarantine_id: quarantineId(source, origin, bytes),
    source,
    code,
    reason,
    origin,
    bytes: bytes.toString('base64'),
  };
  // Half a surrogate pair in any text would make the whole segment file unreadable.
  return JSON.stringify(reject, (_, value) => (typeof value === 'string' ? value.toWellFormed() : value));
}
