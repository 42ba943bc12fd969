import type { SegmentFile } from '../../contract/segment-file.ts';
import type { Arrived } from './arrived.ts';

/** What became of an order record; `replacing` is loaded, in place of a lower revision; null for what is no order. */
export type Outcome = 'loaded' | 'replacing' | 'duplicate' | 'superseded' | null;

/** A ledger entry with the times that its records and its file have. */
export interface CountedEntry {
  segment: number;
  /** As its seal says; the rest is counted from its records. */
  records: number;
  loaded: number;
  duplicates: number;
  superseded: number;
  quarantined: number;
  dropped: number;
  replaced: number;
  firstAcceptedAtMs: number;
  lastAcceptedAtMs: number;
  sealedAtMs: number;
}

/** The same sums by day of acceptance and source, without the records that only take something out of quarantine. */
export interface CountedBook {
  /** YYYY-MM-DD, UTC. */
  readonly day: string;
  readonly source: string;
  received: number;
  loaded: number;
  duplicates: number;
  superseded: number;
  quarantined: number;
}

export interface Counted {
  readonly entries: CountedEntry[];
  readonly books: CountedBook[];
}

/** Counts what became of the records of each segment file; without outcomes every order was loaded. */
export function countOutcomes(
  files: readonly SegmentFile[],
  arrived: Arrived,
  outcomes: readonly Outcome[] | undefined,
): Counted {
  const entries = new Map(files.map((file) => [file.sequence, emptyEntry(file)]));
  const books = new Map<string, CountedBook>();
  for (const [at, segment] of arrived.segment.entries()) {
    const entry = entries.get(segment);
    if (entry === undefined) throw new Error(`A record claims to be of segment file ${segment}, which is not loaded.`);
    const acceptedAtMs = arrived.acceptedAtMs[at] ?? 0;
    entry.firstAcceptedAtMs = Math.min(entry.firstAcceptedAtMs, acceptedAtMs);
    entry.lastAcceptedAtMs = Math.max(entry.lastAcceptedAtMs, acceptedAtMs);
    const type = arrived.type[at];
    if (type === 'drop') {
      entry.dropped += 1;
      continue;
    }
    const outcome = type === 'reject' ? 'quarantined' : (outcomes?.[at] ?? 'loaded');
    const book = bookOf(books, acceptedAtMs, arrived.source[at] ?? '');
    book.received += 1;
    for (const counts of [entry, book]) count(counts, outcome);
    if (outcome === 'replacing') entry.replaced += 1;
  }
  return { entries: [...entries.values()], books: [...books.values()] };
}

type Counts = Pick<CountedBook, 'loaded' | 'duplicates' | 'superseded' | 'quarantined'>;

function count(counts: Counts, outcome: Exclude<Outcome, null> | 'quarantined'): void {
  if (outcome === 'duplicate') counts.duplicates += 1;
  else if (outcome === 'superseded') counts.superseded += 1;
  else if (outcome === 'quarantined') counts.quarantined += 1;
  else counts.loaded += 1;
}

const dayMs = 86_400_000;

function bookOf(books: Map<string, CountedBook>, acceptedAtMs: number, source: string): CountedBook {
  const key = `${Math.floor(acceptedAtMs / dayMs)} ${source}`;
  const found = books.get(key);
  if (found) return found;
  const day = new Date(acceptedAtMs).toISOString().slice(0, 10);
  const book = { day, source, received: 0, loaded: 0, duplicates: 0, superseded: 0, quarantined: 0 };
  books.set(key, book);
  return book;
}

function emptyEntry({ sequence, records, sealedAtMs }: SegmentFile): CountedEntry {
  const counts = { loaded: 0, duplicates: 0, superseded: 0, quarantined: 0, dropped: 0, replaced: 0 };
  const times = { firstAcceptedAtMs: Number.MAX_SAFE_INTEGER, lastAcceptedAtMs: 0, sealedAtMs };
  return { segment: sequence, records, ...counts, ...times };
}
