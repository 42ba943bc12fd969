import { QueryClient } from '@tanstack/react-query';
import { ApiError } from './api.ts';
import { session, subscribe } from './session.ts';

/** How old a cached report may be before showing it again also asks for it again. */
export const staleMs = 2_000;

/**
 * The cache of answers. What the server refused is not asked again by itself; what did not arrive is, twice. What
 * one key may see is forgotten before the next is used.
 */
export function createQueryClient(): QueryClient {
  const client = new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: staleMs,
        gcTime: 10 * 60_000,
        networkMode: 'always',
        refetchOnWindowFocus: false,
        retry: (failures, error) => error instanceof ApiError && error.problem === undefined && failures < 2,
        retryDelay: (failures) => 300 * 2 ** failures,
      },
    },
  });
  let { key } = session();
  subscribe(() => {
    if (session().key !== key) client.clear();
    key = session().key;
  });
  return client;
}
