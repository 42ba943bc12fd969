import { useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext, useEffect, useState, useSyncExternalStore } from 'react';
import { Live, type LiveState } from './live.ts';
import { createRefresher } from './refresher.ts';
import { useSession } from './session.ts';

const LiveContext = createContext<Live | undefined>(undefined);

/** What is fetched again with every load: the first part of a query's key. */
const refreshed = ['report', 'pipeline'];

/** Keeps the figures on the page fresh: whenever orders became visible, what is on screen is fetched again. */
export function LiveProvider({ children }: { children: ReactNode }) {
  const client = useQueryClient();
  const { key, refusal } = useSession();
  const [{ live, refresher }] = useState(() => {
    const made = createRefresher(() =>
      client.refetchQueries({ type: 'active', predicate: ({ queryKey }) => refreshed.includes(String(queryKey[0])) }),
    );
    return { live: new Live(made.news), refresher: made };
  });
  useEffect(() => refresher.start(), [refresher]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new key means a new connection
  useEffect(() => (refusal === undefined ? live.open() : undefined), [live, key, refusal]);
  return <LiveContext value={live}>{children}</LiveContext>;
}

/** The state of the event stream; renders again when it changes. */
export function useLive(): LiveState {
  const live = useContext(LiveContext);
  if (!live) throw new Error('useLive needs a LiveProvider around it.');
  return useSyncExternalStore(live.subscribe, live.state);
}
