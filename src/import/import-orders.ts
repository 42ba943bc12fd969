import { limits } from '../contract/limits.ts';
import type { Outcome } from './assemble-orders.ts';
import { ImportError } from './import-error.ts';
import { type ImportSession, openSession } from './import-session.ts';
import { readStores } from './import-stores.ts';
import { rejectsOf } from './outcomes.ts';
import type { ReadMapping } from './read-mapping.ts';
import type { ImportSink, Reject } from './sink.ts';

const batchOrders = 2_000;
const batchBytesMax = limits.bodyBytesMax - 64 * 1024;
const progressEveryMs = 100;
const firstLook = 1_000;
const fewestToJudge = 20;

/** How far an import has come. */
interface ImportProgress {
  readonly rowsRead: number;
  /** Known once all files are read; until then 0. */
  readonly totalOrders: number;
  /** Orders that the sink has taken, those among them that it knew already included. */
  readonly ordersPosted: number;
  readonly quarantined: number;
}

export interface ImportOptions {
  /** Files and folders. */
  readonly files: readonly string[];
  readonly mapping: ReadMapping;
  /** Called at most ten times a second, and once at the end. */
  readonly onProgress?: (progress: ImportProgress) => void;
}

/** What an import has done. */
export interface ImportSummary extends ImportProgress {
  readonly stores: number;
  readonly skippedRows: number;
  readonly ignoredFiles: readonly string[];
}

/**
 * Reads the files, and sends stores, orders and rejects to the sink. The same files and mapping send the same
 * orders with the same ids in the same order, so running it again, also after it was killed, counts nothing twice.
 *
 * @throws ImportError for mistakes in mapping and files, before anything is sent; whatever the sink throws
 */
export async function importOrders(options: ImportOptions, sink: ImportSink): Promise<ImportSummary> {
  const progress = new Progress(options.onProgress);
  const session = await openSession(options.files, options.mapping, (rows) => progress.add({ rowsRead: rows }));
  try {
    progress.add({ totalOrders: session.totalOrders });
    const { stores, rejects } = await readStores(session, options.mapping);
    const sender = new Sender(session, sink, progress);
    let sent = false;
    let early: Outcome[] = [];
    for await (const outcomes of session.outcomes()) {
      early.push(...outcomes);
      if (!sent && early.length < firstLook && !early.some(({ kind }) => kind === 'order')) continue;
      if (!sent) {
        await refuseIfAllBad(session, early);
        await sendStores(sink, stores, rejects, progress);
        sent = true;
      }
      await sender.send(early);
      early = [];
    }
    if (!sent) {
      await refuseIfAllBad(session, early);
      await sendStores(sink, stores, rejects, progress);
    }
    await sender.send(early);
    await sender.flush();
    progress.report(true);
    const { skippedRows, ignoredFiles } = session;
    return { ...progress.now, stores: stores.length, skippedRows, ignoredFiles };
  } finally {
    await session.close();
  }
}

/** If not one of so many can be taken, the mapping is wrong, not the data. */
async function refuseIfAllBad(session: ImportSession, outcomes: readonly Outcome[]): Promise<void> {
  if (outcomes.length < fewestToJudge || outcomes.some(({ kind }) => kind === 'order')) return;
  const rejects = await rejectsOf(session.staging, outcomes);
  const examples = rejects.slice(0, 3).map(({ origin, reason }) => ({ path: origin, message: reason }));
  throw new ImportError(
    `None of the first ${rejects.length} orders can be taken, so the mapping is probably wrong. Nothing was sent. The first:`,
    { faults: examples },
  );
}

async function sendStores(
  sink: ImportSink,
  stores: readonly string[],
  rejects: readonly Reject[],
  progress: Progress,
): Promise<void> {
  for (let from = 0; from < stores.length; from += batchOrders) {
    await sink.putStores(`${stores.slice(from, from + batchOrders).join('\n')}\n`);
  }
  if (rejects.length > 0) await sink.quarantine(rejects);
  progress.add({ quarantined: rejects.length });
}

/** Collects orders and rejects into batches and sends them. */
class Sender {
  readonly #session: ImportSession;
  readonly #sink: ImportSink;
  readonly #progress: Progress;
  #orders: { json: string; origin: string }[] = [];
  #bytes = 0;

  constructor(session: ImportSession, sink: ImportSink, progress: Progress) {
    this.#session = session;
    this.#sink = sink;
    this.#progress = progress;
  }

  async send(outcomes: readonly Outcome[]): Promise<void> {
    for (const outcome of outcomes) if (outcome.kind === 'order') await this.#add(outcome);
    await this.#quarantine(await rejectsOf(this.#session.staging, outcomes));
  }

  async flush(): Promise<void> {
    const orders = this.#orders;
    if (orders.length === 0) return;
    this.#orders = [];
    this.#bytes = 0;
    const ndjson = `${orders.map(({ json }) => json).join('\n')}\n`;
    const origins = orders.map(({ origin }) => origin);
    const { accepted, rejected } = await this.#sink.postOrders(ndjson, origins);
    await this.#quarantine(
      rejected.map(({ line, code, errors }): Reject => {
        const origin = origins[line - 1] ?? '';
        const faults = errors.map(({ path, message }) => `${path} ${message}`).join(' ');
        return { origin, code, reason: `${origin}: ${faults}`, bytes: Buffer.from(orders[line - 1]?.json ?? '') };
      }),
    );
    this.#progress.add({ ordersPosted: accepted });
  }

  async #add({ json, origin }: { json: string; origin: string }): Promise<void> {
    const bytes = Buffer.byteLength(json) + 1;
    if (this.#orders.length === batchOrders || this.#bytes + bytes > batchBytesMax) await this.flush();
    this.#orders.push({ json, origin });
    this.#bytes += bytes;
  }

  async #quarantine(rejects: readonly Reject[]): Promise<void> {
    if (rejects.length === 0) return;
    await this.#sink.quarantine(rejects);
    this.#progress.add({ quarantined: rejects.length });
  }
}

/** Adds up and tells, not too often. */
class Progress {
  readonly #tell: ((progress: ImportProgress) => void) | undefined;
  #now: ImportProgress = { rowsRead: 0, totalOrders: 0, ordersPosted: 0, quarantined: 0 };
  #toldMs = 0;

  constructor(tell: ((progress: ImportProgress) => void) | undefined) {
    this.#tell = tell;
  }

  get now(): ImportProgress {
    return this.#now;
  }

  add(more: Partial<ImportProgress>): void {
    const now = this.#now;
    this.#now = {
      rowsRead: now.rowsRead + (more.rowsRead ?? 0),
      totalOrders: now.totalOrders + (more.totalOrders ?? 0),
      ordersPosted: now.ordersPosted + (more.ordersPosted ?? 0),
      quarantined: now.quarantined + (more.quarantined ?? 0),
    };
    this.report(false);
  }

  report(always: boolean): void {
    const at = performance.now();
    if (!this.#tell || (!always && at - this.#toldMs < progressEveryMs)) return;
    this.#toldMs = at;
    this.#tell(this.#now);
  }
}
