import { type ReferenceRead, type ReferenceReads, referenceNames } from '../contract/report.ts';
import type { ReferenceSource } from '../sources/source.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';
import { type LastRead, lastRead } from './run-history.ts';

export interface SourceReadsOptions {
  readonly warehouse: Warehouse;
  readonly source: ReferenceSource | undefined;
  readonly now: () => number;
}

/** Knows by heart when stores and customers were last read from their source, so that no report has to ask. */
export class SourceReads {
  readonly #options: SourceReadsOptions;
  #known: readonly (readonly [name: keyof ReferenceReads, last: LastRead])[] = [];

  constructor(options: SourceReadsOptions) {
    this.#options = options;
  }

  /** Looks into the ledger; to be called after every refresh. */
  async look(): Promise<void> {
    const { warehouse, source } = this.#options;
    const names = referenceNames.filter((name) => source?.tables.includes(name));
    this.#known = await Promise.all(names.map(async (name) => [name, await lastRead(warehouse, name)] as const));
  }

  /** With their age at this moment; undefined where there is no source. */
  reads(): ReferenceReads | undefined {
    if (!this.#options.source) return undefined;
    return Object.fromEntries(this.#known.map(([name, last]) => [name, this.#aged(last)]));
  }

  #aged({ readAt, failedAt, failure }: LastRead): ReferenceRead {
    const age = readAt === null ? null : Math.max(0, Math.round((this.#options.now() - Date.parse(readAt)) / 1000));
    return { read_at: readAt, age_seconds: age, failed_at: failedAt, failure };
  }
}
