import type { BatchAnswer, OrderAnswer, Rejection } from '../contract/answers.ts';
import type { DeliveredReject } from '../contract/delivered-order.ts';
import { type Fault, SlicehouseError } from '../contract/errors.ts';
import { limits } from '../contract/limits.ts';
import type { Vocabulary } from '../contract/vocabulary.ts';
import { readJson } from '../http/read-json.ts';
import { splitLines } from '../http/split-lines.ts';
import type { DeliveryStream } from '../stream/stream.ts';
import { checkOrder } from './check-order.ts';
import { orderIdentity, quarantineId } from './order-identity.ts';
import { prepareOrder, TermCache } from './prepare-order.ts';
import { stamped } from './stamped.ts';

export interface IngestOptions {
  readonly stream: DeliveryStream;
  readonly vocabulary: Vocabulary;
  readonly now: () => number;
}

/** Who sends, and what becomes of the records that cannot be taken. */
export interface Sender {
  readonly source: string;
  /** False for senders that look after their rejects themselves. */
  readonly quarantineRejects: boolean;
}

type Judged = OrderAnswer & { readonly json: string };

/** Work on a batch this long, then let other requests in. */
const sliceMs = 8;

/** The way in: bytes become checked, prepared, durable orders, or answers that say what is wrong with them. */
export class Ingest {
  readonly #stream: DeliveryStream;
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
    let judged: Judged;
    try {
      judged = this.#judge(bytes, sender.source);
    } catch (error) {
      if (error instanceof SlicehouseError && sender.quarantineRejects)
        await this.#quarantineRefused(bytes, sender, error);
      throw error;
    }
    await this.#append([judged.json]);
    return { receipt: judged.receipt, order_id: judged.order_id, revision: judged.revision };
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
    const [records, rejected]: [string[], Rejection[]] = [[], []];
    let accepted = 0;
    let sliceEnd = performance.now() + sliceMs;
    for (const { number, content } of lines) {
      try {
        records.push(this.#judge(content, sender.source).json);
        accepted += 1;
      } catch (error) {
        if (!(error instanceof SlicehouseError)) throw error;
        rejected.push({ line: number, code: error.code, errors: faultsOf(error) });
        if (sender.quarantineRejects) records.push(rejectJson(content, sender.source, null, error.code, error));
      }
      if (performance.now() > sliceEnd) {
        await new Promise<void>((resolve) => setImmediate(resolve));
        sliceEnd = performance.now() + sliceMs;
      }
    }
    await this.#append(records);
    return { accepted, rejected };
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

  #judge(bytes: Buffer, source: string): Judged {
    const checked = checkOrder(readJson(bytes), this.#now());
    if ('faults' in checked) {
      throw new SlicehouseError('invalid_order', explain(checked.faults), { errors: checked.faults });
    }
    const { order } = checked;
    const revision = order.revision ?? 1;
    const identity = orderIdentity(source, order.order_id, revision);
    const json = JSON.stringify(prepareOrder(order, identity, source, this.#terms));
    return { receipt: identity.receipt, order_id: order.order_id, revision, json };
  }

  async #quarantineRefused(bytes: Buffer, { source }: Sender, error: SlicehouseError): Promise<void> {
    if (bytes.length === 0) return;
    await this.#append([rejectJson(bytes, source, null, error.code, error)]);
  }

  async #append(records: readonly string[]): Promise<void> {
    if (records.length === 0) return;
    const acceptedAtMs = this.#now();
    await this.#stream.append(records.map((json) => stamped(json, acceptedAtMs)));
  }
}

function explain(faults: readonly Fault[]): string {
  const [first] = faults;
  const more = faults.length > 1 ? ` (and ${faults.length - 1} more; see errors)` : '';
  return `${first?.path || 'The order'} ${first?.message}${more}. Mend it and send it again.`;
}

function faultsOf(error: SlicehouseError): Fault[] {
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
