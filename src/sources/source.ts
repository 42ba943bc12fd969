import type { Fault } from '../contract/errors.ts';

/** The tables of reference data, in the order they are read: customers and menu items say nothing about stores. */
export const referenceTables = ['stores', 'customers', 'menu_items'] as const;
export type ReferenceTable = (typeof referenceTables)[number];

/** The member of a record that is its key. */
export const keyOf = {
  stores: 'store_id',
  customers: 'customer_id',
  menu_items: 'menu_item_id',
} as const satisfies Readonly<Record<ReferenceTable, string>>;

/**
 * How far a table has been read. `through` is an instant of the source's own clock (ISO 8601, UTC): what was changed
 * before it has been read. `basis` says what was read, in the source's own words; only the source compares it.
 */
export interface Watermark {
  readonly through: string;
  readonly basis: string;
}

/** A row that cannot be taken. `key` is null when that is what it lacks. */
export interface RowFault {
  readonly table: ReferenceTable;
  readonly key: string | null;
  readonly faults: readonly Fault[];
}

/** A normalised record: the members that the warehouse takes. `changed_at` is ISO 8601 in UTC, null if not known. */
export type ReferenceRecord = Readonly<Record<string, unknown>>;

/** Some of the rows that were read: those that are good as records, the others as faults. */
export interface ReferenceBatch {
  readonly type: 'batch';
  readonly records: readonly ReferenceRecord[];
  readonly faults: readonly RowFault[];
}

/** The last event of a read, only given when every row has been. */
export interface ReadEnd {
  readonly type: 'end';
  readonly watermark: Watermark;
  /** Whether every row of the table was read, not only what changed. */
  readonly isWhole: boolean;
  /** How far the source's clock is ahead of the one here, in milliseconds; null when it has none. */
  readonly clockSkewMs: number | null;
}

export interface ReadOptions {
  /** Read every row, even if the watermark would allow less. */
  readonly whole?: boolean;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Where reference data comes from. Every call stands alone: it opens what it needs and closes it again, also when the
 * caller stops early.
 */
export interface ReferenceSource {
  /** What to call it in messages, such as `MySQL shop at db.example.com:3306`. */
  readonly name: string;

  /** Marks the rows that came from it, so that only those are looked for when rows are deleted there: `mysql`, `files`. */
  readonly origin: string;

  /** The tables it has. */
  readonly tables: readonly ReferenceTable[];

  /**
   * Reads what may have changed since the watermark, or everything when that cannot be told. May give rows again
   * that have not changed.
   *
   * @throws SourceError when it cannot be read to its end; then there is no new watermark
   */
  read(table: ReferenceTable, since: Watermark | null, options?: ReadOptions): AsyncIterable<ReferenceBatch | ReadEnd>;

  /**
   * The keys of every row there is now, also of rows that `read` names as faults: whatever is not among them has been
   * deleted.
   *
   * @throws SourceError when it cannot be read to its end
   */
  keys(table: ReferenceTable, since: Watermark | null, options?: ReadOptions): AsyncIterable<readonly string[]>;
}

/**
 * Why a source could not be read. `unavailable`: it may work later; `refused`: it does not let this account in;
 * `shape`: its tables are not as the mapping says; `mapping`: the mapping has mistakes. Never holds a password.
 */
export class SourceError extends Error {
  readonly kind: 'unavailable' | 'refused' | 'shape' | 'mapping';
  readonly faults: readonly Fault[];

  constructor(
    summary: string,
    {
      kind,
      faults = [],
      ...options
    }: { kind: SourceError['kind']; faults?: readonly Fault[] | undefined; cause?: unknown },
  ) {
    super([summary, ...faults.map(({ path, message }) => `  ${path}: ${message}`)].join('\n'), options);
    this.name = 'SourceError';
    this.kind = kind;
    this.faults = faults;
  }
}
