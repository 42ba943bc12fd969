import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { QuarantineAnswer, QuarantinedRecord, ReplayAllAnswer } from '../../../contract/answers.ts';
import { fetchJson, request, withQuery } from '../../app/api.ts';
import type { Selection } from './selection.ts';

const pageRows = 50;

/** The records of a selection, page by page. */
export function listQuery(selection: Selection) {
  return infiniteQueryOptions({
    queryKey: ['quarantine', 'list', selection],
    queryFn: ({ pageParam, signal }) =>
      fetchJson<QuarantineAnswer>(
        withQuery('/v1/quarantine', { ...selection, limit: pageRows, after: pageParam }),
        signal,
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
  });
}

/** One record, whole. */
export function recordQuery(id: string) {
  return queryOptions({
    queryKey: ['quarantine', 'record', id],
    queryFn: ({ signal }) => fetchJson<QuarantinedRecord>(addressOf(id), signal),
  });
}

/**
 * Sends a record on its way again: as it came, or corrected. It is on disk when this resolves, and leaves
 * quarantine when it is loaded.
 *
 * @throws ApiError with what is still wrong with it
 */
export async function replay(id: string, corrected?: string): Promise<void> {
  await request(`${addressOf(id)}/replay`, { method: 'POST', ...(corrected !== undefined && { body: corrected }) });
}

/**
 * Gives a record up.
 *
 * @throws ApiError
 */
export async function drop(id: string): Promise<void> {
  await request(addressOf(id), { method: 'DELETE' });
}

/**
 * Replays every waiting record of a code and source.
 *
 * @throws ApiError
 */
export async function replayGroup(group: Selection): Promise<ReplayAllAnswer> {
  const answer = await request('/v1/quarantine/replay', { method: 'POST', body: groupBody(group) });
  return (await answer.json()) as ReplayAllAnswer;
}

/**
 * Gives up every waiting record of a code and source; resolves with their number.
 *
 * @throws ApiError
 */
export async function dropGroup(group: Selection): Promise<number> {
  const answer = await request('/v1/quarantine/drop', { method: 'POST', body: groupBody(group) });
  return ((await answer.json()) as { dropped: number }).dropped;
}

/** Everything must be asked for by name, so that a forgotten filter is not a request for all. */
function groupBody({ code, source }: Selection): string {
  return JSON.stringify(code === undefined && source === undefined ? { all: true } : { code, source });
}

function addressOf(id: string): string {
  return `/v1/quarantine/${encodeURIComponent(id)}`;
}
