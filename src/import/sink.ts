import type { BatchAnswer } from '../contract/answers.ts';

/** A record that could not be taken. */
export interface Reject {
  /** File and row, such as `orders.csv row 17`, the header being row 1. */
  readonly origin: string;
  /** One of the codes of `contract/errors.ts`. */
  readonly code: string;
  /** What is wrong, one sentence a fault. */
  readonly reason: string;
  /** The order as it would be posted, what could not be converted left as written; or the row as it is in the file. */
  readonly bytes: Buffer;
}

/** Where an import sends what it has read. A promise that rejects ends the import; trying again is up to the sink. */
export interface ImportSink {
  /** Posts orders, one a line; `origins` names file and row of each line. Nothing it rejects may be quarantined yet. */
  postOrders(ndjson: string, origins: readonly string[]): Promise<BatchAnswer>;
  quarantine(rejects: readonly Reject[]): Promise<void>;
  /** Creates or replaces stores, one a line. */
  putStores(ndjson: string): Promise<void>;
}
