import type { ImportOptions } from './import-orders.ts';
import { openSession } from './import-session.ts';
import { readStores } from './import-stores.ts';
import { rejectsOf } from './outcomes.ts';
import type { Reject } from './sink.ts';

const rejectsShownMax = 10;

/** What an import would do. */
export interface ImportPreview {
  /** The first orders, as they would be posted. */
  readonly orders: readonly Record<string, unknown>[];
  /** The first stores, as they would be sent. */
  readonly stores: readonly unknown[];
  readonly totalOrders: number;
  /** Orders (and rows that belong to none) that were looked at. */
  readonly examined: number;
  /** How many of them would be posted. */
  readonly good: number;
  /** How many of them would go to quarantine. */
  readonly bad: number;
  /** The first of those, with their reasons. */
  readonly rejects: readonly Omit<Reject, 'bytes'>[];
  readonly skippedRows: number;
  readonly ignoredFiles: readonly string[];
}

/**
 * A dry run: reads the files, makes the first orders and sends nothing. `show` orders are given back (3 unless
 * said otherwise); the counts are of the first `examine` (10,000 unless said otherwise).
 *
 * @throws ImportError for mistakes in mapping and files
 */
export async function previewImport(
  options: Pick<ImportOptions, 'files' | 'mapping'> & { readonly show?: number; readonly examine?: number },
): Promise<ImportPreview> {
  const { show = 3, examine = 10_000 } = options;
  const session = await openSession(options.files, options.mapping, () => {});
  try {
    const { totalOrders, skippedRows, ignoredFiles } = session;
    const { stores, rejects } = await readStores(session, options.mapping);
    const orders: Record<string, unknown>[] = [];
    let [good, bad] = [0, rejects.length];
    for await (const outcomes of session.outcomes()) {
      const looked = outcomes.slice(0, examine - good - bad);
      const taken = looked.filter((outcome) => outcome.kind === 'order');
      good += taken.length;
      bad += looked.length - taken.length;
      orders.push(...taken.slice(0, show - orders.length).map(({ order }) => order));
      if (rejects.length < rejectsShownMax) rejects.push(...(await rejectsOf(session.staging, looked)));
      if (good + bad >= examine) break;
    }
    return {
      orders,
      stores: stores.slice(0, show).map((store): unknown => JSON.parse(store)),
      totalOrders,
      examined: good + bad,
      good,
      bad,
      rejects: rejects.slice(0, rejectsShownMax).map(({ origin, code, reason }) => ({ origin, code, reason })),
      skippedRows,
      ignoredFiles,
    };
  } finally {
    await session.close();
  }
}
