import type { Arrived } from './arrived.ts';

/** What became of a record; `replacing` is loaded, in place of a lower revision; null for rejects. */
export type Outcome = 'loaded' | 'replacing' | 'duplicate' | 'superseded' | null;

/** A ledger entry with the time its records span. */
export interface CountedEntry {
  segment: number;
  records: number;
  loaded: number;
  duplicates: number;
  superseded: number;
  quarantined: number;
  replaced: number;
  firstAcceptedAtMs: number;
  lastAcceptedAtMs: number;
}

/** Counts what became of the records of each segment file; without outcomes every order was loaded. */
export function countOutcomes(arrived: Arrived, outcomes: readonly Outcome[] | undefined): CountedEntry[] {
  const entries = new Map<number, CountedEntry>();
  for (const [at, segment] of arrived.segment.entries()) {
    const acceptedAtMs = arrived.acceptedAtMs[at] ?? 0;
    const entry = entries.get(segment) ?? emptyEntry(segment, acceptedAtMs);
    entries.set(segment, entry);
    entry.records += 1;
    entry.firstAcceptedAtMs = Math.min(entry.firstAcceptedAtMs, acceptedAtMs);
    entry.lastAcceptedAtMs = Math.max(entry.lastAcceptedAtMs, acceptedAtMs);
    if (arrived.reject[at]) entry.quarantined += 1;
    else addOrder(entry, outcomes?.[at] ?? 'loaded');
  }
  return [...entries.values()];
}

function addOrder(entry: CountedEntry, outcome: string): void {
  if (outcome === 'duplicate') entry.duplicates += 1;
  else if (outcome === 'superseded') entry.superseded += 1;
  else entry.loaded += 1;
  if (outcome === 'replacing') entry.replaced += 1;
}

function emptyEntry(segment: number, acceptedAtMs: number): CountedEntry {
  const counts = { records: 0, loaded: 0, duplicates: 0, superseded: 0, quarantined: 0, replaced: 0 };
  return { segment, ...counts, firstAcceptedAtMs: acceptedAtMs, lastAcceptedAtMs: acceptedAtMs };
}
