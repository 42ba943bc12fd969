import type { QuarantineStatus } from '../contract/answers.ts';

/** A record's place in quarantine, oldest first. */
export interface QuarantinePlace {
  readonly id: string;
  readonly acceptedAtMs: number;
}

/** A record with what replaying needs of it. */
export interface KeptRecord extends QuarantinePlace {
  readonly source: string;
  readonly status: QuarantineStatus;
  readonly bytes: Buffer;
}

/** Which waiting records a bulk change works through. */
export interface QuarantineSelection {
  readonly code?: string;
  readonly source?: string;
  /** Records, the oldest first; default all. */
  readonly limit?: number;
}

/** Where quarantined records are read: what has been loaded, and nothing that is still on its way. */
export interface QuarantineRecords {
  find(id: string): Promise<KeptRecord | undefined>;
  /** Places and sizes of waiting records that match, accepted up to `untilMs`, the oldest first, after a place. */
  waiting(
    selection: Pick<QuarantineSelection, 'code' | 'source'>,
    range: { readonly after: QuarantinePlace | undefined; readonly untilMs: number; readonly limit: number },
  ): Promise<(QuarantinePlace & { readonly size: number })[]>;
  /** Those of these records that still wait, whole; at most 500 places. */
  read(places: readonly QuarantinePlace[]): Promise<KeptRecord[]>;
  stillWaiting(ids: readonly string[]): Promise<ReadonlySet<string>>;
}
