import type { OrderAnswer, ReplayAllAnswer } from '../contract/answers.ts';
import type { DeliveredDrop } from '../contract/delivered-order.ts';
import { type Fault, SlicehouseError } from '../contract/errors.ts';
import { Mutex } from '../runtime/mutex.ts';
import type { RecordAppender } from '../stream/stream.ts';
import { Breath } from './breath.ts';
import type { KeptRecord, QuarantinePlace, QuarantineRecords, QuarantineSelection } from './kept-records.ts';
import { stamped } from './stamped.ts';
import { faultsOf, type Ingest, type JudgedOrder } from './take-orders.ts';
import { UnderWay } from './under-way.ts';

export interface QuarantineOptions {
  readonly ingest: Ingest;
  readonly stream: RecordAppender;
  readonly records: QuarantineRecords;
  /** Resolves when all that an earlier run accepted is loaded: there may be replays and drops among it. */
  readonly recovered: () => Promise<void>;
  readonly now: () => number;
}

const sliceRecordsMax = 500;
const sliceBytesMax = 4 * 1024 * 1024;
const refusedShownMax = 100;

/** The ways out of quarantine: replaying records as orders, and dropping them, one by one and in bulk. */
export class Quarantine {
  readonly #options: QuarantineOptions;
  readonly #underWay: UnderWay;
  readonly #bulk = new Mutex();
  #isClosing = false;

  constructor(options: QuarantineOptions) {
    this.#options = options;
    this.#underWay = new UnderWay((ids) => options.records.stillWaiting(ids));
  }

  /** What is wrong with bytes of a source when they are judged now. */
  faults(bytes: Buffer, source: string): readonly Fault[] {
    try {
      this.#options.ingest.judge(bytes, source);
      return [];
    } catch (error) {
      if (error instanceof SlicehouseError) return faultsOf(error);
      throw error;
    }
  }

  /**
   * Takes a record as an order after all, as it is or with a corrected body, with the time at which it first came.
   * Resolves once it is durable.
   *
   * @throws SlicehouseError `not_found`, `already_resolved`, what is wrong with the order, or what the stream throws
   */
  replay(id: string, body?: Buffer): Promise<OrderAnswer> {
    return this.#takeOut(id, async (record) => {
      const judged = body ? this.#options.ingest.judge(body, record.source) : this.#judgeAgain(record);
      this.#refuseAnother(id, judged.orderKey);
      await this.#appendOrders([{ record, judged }]);
      return judged.answer;
    });
  }

  /** @throws SlicehouseError `not_found`, `already_resolved`, or what the stream throws */
  drop(id: string): Promise<void> {
    return this.#takeOut(id, () => this.#appendDrops([id]));
  }

  /** Replays what matches as it is. What is still wrong stays. */
  async replayAll(selection: QuarantineSelection): Promise<ReplayAllAnswer> {
    const answer: ReplayAllAnswer = { replayed: 0, refused: [], refused_total: 0 };
    await this.#eachSlice(selection, async (slice) => {
      for (const part of parts(slice)) await this.#reserving(part, (reserved) => this.#replayPart(reserved, answer));
    });
    return answer;
  }

  /** Drops what matches and gives the number. */
  async dropAll(selection: QuarantineSelection): Promise<number> {
    let dropped = 0;
    await this.#eachSlice(selection, (slice) =>
      this.#reserving(slice, async (reserved) => {
        const waiting = [...(await this.#options.records.stillWaiting(reserved.map(({ id }) => id)))];
        await this.#appendDrops(waiting);
        dropped += waiting.length;
        return new Set(waiting);
      }),
    );
    return dropped;
  }

  /** Ends what works in bulk, with the error `stopping`. */
  async close(): Promise<void> {
    this.#isClosing = true;
    await this.#bulk.run(async () => undefined);
    await this.#underWay.close();
  }

  async #takeOut<T>(id: string, task: (record: KeptRecord) => Promise<T>): Promise<T> {
    await this.#options.recovered();
    await this.#underWay.makeRoom(1);
    if (!this.#underWay.reserve(id)) throw alreadyResolved(`Record ${id} is on its way out of quarantine already.`);
    try {
      const record = await this.#options.records.find(id);
      if (!record) throw new SlicehouseError('not_found', `There is no record ${id.slice(0, 64)} in quarantine.`);
      if (record.status !== 'waiting') throw alreadyResolved(`Record ${id} was ${record.status} already.`);
      return await task(record);
    } catch (error) {
      this.#underWay.release(id);
      throw error;
    }
  }

  #judgeAgain(record: KeptRecord): JudgedOrder {
    try {
      return this.#options.ingest.judge(record.bytes, record.source);
    } catch (error) {
      throw error instanceof SlicehouseError ? stillWrong(error) : error;
    }
  }

  async #eachSlice(
    selection: QuarantineSelection,
    task: (slice: readonly (QuarantinePlace & { readonly size: number })[]) => Promise<void>,
  ): Promise<void> {
    await this.#options.recovered();
    await this.#bulk.run(async () => {
      const untilMs = this.#options.now();
      let left = selection.limit ?? Number.POSITIVE_INFINITY;
      let after: QuarantinePlace | undefined;
      while (left > 0) {
        if (this.#isClosing)
          throw new SlicehouseError('stopping', 'The server is stopping; ask again to go on.', {
            retryAfterSeconds: 5,
          });
        const limit = Math.min(left, sliceRecordsMax);
        const slice = await this.#options.records.waiting(selection, { after, untilMs, limit });
        await task(slice);
        if (slice.length < limit) return;
        after = slice.at(-1);
        left -= slice.length;
      }
    });
  }

  /** Runs a task on those records that nobody else has; it tells which of them it took out. */
  async #reserving(
    places: readonly QuarantinePlace[],
    task: (reserved: readonly QuarantinePlace[]) => Promise<ReadonlySet<string>>,
  ): Promise<void> {
    await this.#underWay.makeRoom(places.length);
    const reserved = places.filter(({ id }) => this.#underWay.reserve(id));
    let out: ReadonlySet<string> = new Set();
    try {
      if (reserved.length > 0) out = await task(reserved);
    } finally {
      for (const { id } of reserved) if (!out.has(id)) this.#underWay.release(id);
    }
  }

  async #replayPart(places: readonly QuarantinePlace[], answer: ReplayAllAnswer): Promise<ReadonlySet<string>> {
    const breath = new Breath();
    const orders: { record: KeptRecord; judged: JudgedOrder }[] = [];
    for (const record of await this.#options.records.read(places)) {
      try {
        const judged = this.#options.ingest.judge(record.bytes, record.source);
        this.#refuseAnother(record.id, judged.orderKey);
        orders.push({ record, judged });
      } catch (error) {
        if (!(error instanceof SlicehouseError)) throw error;
        answer.refused_total += 1;
        if (answer.refused.length < refusedShownMax)
          answer.refused.push({ id: record.id, code: error.code, errors: faultsOf(error) });
      }
      if (breath.isDue) await breath.take();
    }
    await this.#appendOrders(orders);
    answer.replayed += orders.length;
    return new Set(orders.map(({ record }) => record.id));
  }

  async #appendOrders(orders: readonly { record: KeptRecord; judged: JudgedOrder }[]): Promise<void> {
    if (orders.length === 0) return;
    try {
      await this.#options.stream.append(orders.map(({ record, judged }) => replayJson(record, judged.json)));
    } catch (error) {
      if (error instanceof SlicehouseError && error.code === 'storage_full')
        for (const { record, judged } of orders) this.#underWay.doubt(record.id, judged.orderKey);
      throw error;
    }
    for (const { record, judged } of orders) {
      const { receipt, order_id } = judged.answer;
      const { source, acceptedAtMs } = record;
      this.#options.ingest.recent.remember(receipt, { source, order_id, acceptedAtMs });
    }
  }

  /** A failed write may turn out to have reached the disk; a second order from the same record must not follow it. */
  #refuseAnother(id: string, orderKey: string): void {
    if (!this.#underWay.mayBeAnother(id, orderKey)) return;
    throw alreadyResolved(
      `A replay of record ${id} failed while it was being written and may yet arrive as another order. Replay it with the same order_id as then, or after the server has been started again.`,
    );
  }

  async #appendDrops(ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    const nowMs = this.#options.now();
    const drops = ids.map((id): Omit<DeliveredDrop, 'accepted_at_ms'> => ({ type: 'drop', quarantine_id: id }));
    await this.#options.stream.append(drops.map((drop) => stamped(JSON.stringify(drop), nowMs)));
  }
}

/** Kept bytes that are no JSON are a wrong order like any other: nothing is malformed about the request. */
function stillWrong(cause: SlicehouseError): SlicehouseError {
  const detail = `The record is still wrong and stays. ${cause.message}`;
  return new SlicehouseError('invalid_order', detail, { errors: faultsOf(cause), cause });
}

function alreadyResolved(detail: string): SlicehouseError {
  return new SlicehouseError('already_resolved', detail);
}

function replayJson(record: KeptRecord, json: string): string {
  return stamped(`${json.slice(0, -1)},"replays":${JSON.stringify(record.id)}}`, record.acceptedAtMs);
}

/** The slice in parts of a few MiB. */
function* parts<Place extends { readonly size: number }>(slice: readonly Place[]): Generator<Place[]> {
  let part: Place[] = [];
  let size = 0;
  for (const place of slice) {
    if (part.length > 0 && size + place.size > sliceBytesMax) {
      yield part;
      [part, size] = [[], 0];
    }
    part.push(place);
    size += place.size;
  }
  if (part.length > 0) yield part;
}
