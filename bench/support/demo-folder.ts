import { setTimeout as sleep } from 'node:timers/promises';
import type { ReportAnswer, TopCombinationRow } from '../../src/contract/report.ts';
import { askJson } from './http.ts';
import { Product } from './product.ts';

/** What a first `slicehouse demo` did, in seconds since its process was started. */
export interface DemoHistory {
  readonly readySeconds: number;
  /** A report on a state had rows. */
  readonly firstReportSeconds: number;
  /** The whole history was accepted. */
  readonly postedSeconds: number;
  /** Reports counted the whole history. */
  readonly visibleSeconds: number;
  readonly orders: number;
  /** Until then; null where the system does not tell. */
  readonly peakMemoryMb: number | null;
}

const historyLine = /History: ([\d,]+) orders in/;
const pollMs = 50;

/** The data folder of a demonstration, filled once by the product itself: as `npm start` does it. */
export class DemoFolder {
  readonly path: string;
  readonly #args: readonly string[];
  #history: Promise<DemoHistory> | undefined;

  /** @param args options of `slicehouse demo` */
  constructor(path: string, args: readonly string[]) {
    this.path = path;
    this.#args = args;
  }

  /** Fills the folder, if nobody has done so yet in this run. */
  history(): Promise<DemoHistory> {
    this.#history ??= this.#fill();
    return this.#history;
  }

  /** Serves the folder, with live orders; `history` comes before. */
  serve(): Promise<Product> {
    return Product.start(['demo', ...this.#args], this.path);
  }

  async #fill(): Promise<DemoHistory> {
    await using product = await this.serve();
    const since = () => (performance.now() - product.spawnedMs) / 1000;
    const readySeconds = since();
    const firstReport = firstReportWithRows(product.url).then(since);
    const [, written = ''] = await product.until(historyLine);
    const postedSeconds = since();
    await product.settled();
    return {
      readySeconds,
      firstReportSeconds: await firstReport,
      postedSeconds,
      visibleSeconds: since(),
      orders: Number(written.replaceAll(',', '')),
      peakMemoryMb: product.peakMemoryMb(),
    };
  }
}

async function firstReportWithRows(url: string): Promise<void> {
  for (;;) {
    const { rows } = await askJson<ReportAnswer<TopCombinationRow>>(`${url}/v1/reports/top-combinations?state=CA`);
    if (rows.length > 0) return;
    await sleep(pollMs);
  }
}
