import type { SealedSegment } from '../warehouse.ts';
import type { Arrived } from './arrived.ts';

/** What became of an order record; `replacing` is loaded, in place of a lower revision. */
export type Outcome = 'loaded' | 'replacing' | 'duplicate' | 'superseded';

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

/** Counts what became of the records of each segment; an order without an outcome, by its place, was loaded. */
export function countOutcomes(
  segments: readonly SealedSegment[],
  arrived: Arrived,
  outcomes: ReadonlyMap<number, Outcome>,
): Counted {
  const entries = new Map(segments.map((segment) => [segment.sequence, emptyEntry(segment)]));
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
    const outcome = type === 'reject' ? 'quarantined' : (outcomes.get(at) ?? 'loaded');
    const book = bookOf(books, acceptedAtMs, arrived.source[at] ?? '');
    book.received += 1;
    for (const counts of [entry, book]) count(counts, outcome);
    if (outcome === 'replacing') entry.replaced += 1;
  }
  return { entries: [...entries.values()], books: [...books.values()] };
}

type Counts = Pick<CountedBook, 'loaded' | 'duplicates' | 'superseded' | 'quarantined'>;

function count(counts: Counts, outcome: Outcome | 'quarantined'): void {
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

function emptyEntry({ sequence, records, sealedAtMs }: SealedSegment): CountedEntry {
  const counts = { loaded: 0, duplicates: 0, superseded: 0, quarantined: 0, dropped: 0, replaced: 0 };
  const times = { firstAcceptedAtMs: Number.MAX_SAFE_INTEGER, lastAcceptedAtMs: 0, sealedAtMs };
  return { segment: sequence, records, ...counts, ...times };
}
