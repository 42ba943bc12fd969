import { QueryClient } from '@tanstack/react-query';
import { ApiError } from './api.ts';

/** How old a cached report may be before showing it again also asks for it again. */
export const staleMs = 2_000;

/** The cache of reports. What the server refused is not asked again by itself; what did not arrive is, twice. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
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
}
