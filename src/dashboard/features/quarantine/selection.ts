import type { QuarantineStatus } from '../../../contract/answers.ts';

/** Which records are shown; the address says it all. */
export interface Selection {
  readonly status: QuarantineStatus | 'all';
  readonly code: string | undefined;
  readonly source: string | undefined;
}

const statuses = ['waiting', 'replayed', 'dropped', 'all'] as const satisfies readonly Selection['status'][];

/** Reads a selection from the query part of an address; what it does not understand stays as by default. */
export function readSelection(search: string): Selection {
  const query = new URLSearchParams(search);
  return {
    status: statuses.find((status) => status === query.get('status')) ?? 'waiting',
    code: query.get('code') || undefined,
    source: query.get('source') || undefined,
  };
}

/** The query part of the address of a selection, without what is so by default. */
export function writeSelection({ status, code, source }: Selection): string {
  const query = new URLSearchParams();
  if (status !== 'waiting') query.set('status', status);
  if (code !== undefined) query.set('code', code);
  if (source !== undefined) query.set('source', source);
  const written = query.toString();
  return written === '' ? '' : `?${written}`;
}
