import { queryOptions } from '@tanstack/react-query';
import type { PipelineAnswer } from '../../contract/pipeline.ts';
import { fetchJson } from './api.ts';

/** Without news, the ages on the page are asked for this often. */
const everyMs = 5_000;

/** The state of the pipeline; asked for again with every load, and every five seconds. */
export const pipelineQuery = queryOptions({
  queryKey: ['pipeline'],
  queryFn: ({ signal }) => fetchJson<PipelineAnswer>('/v1/pipeline', signal),
  refetchInterval: everyMs,
});
