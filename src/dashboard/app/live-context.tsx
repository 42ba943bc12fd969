import { useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext, useEffect, useState, useSyncExternalStore } from 'react';
import { Live, type LiveState } from './live.ts';
import { createRefresher } from './refresher.ts';

const LiveContext = createContext<Live | undefined>(undefined);

/** Keeps the reports on the page fresh: whenever orders became visible, what is on screen is fetched again. */
export function LiveProvider({ children }: { children: ReactNode }) {
  const client = useQueryClient();
  const [{ live, refresher }] = useState(() => {
    const made = createRefresher(() => client.refetchQueries({ queryKey: ['report'], type: 'active' }));
    return { live: new Live(made.news), refresher: made };
  });
  useEffect(() => {
    const close = live.open();
    return () => {
      close();
      refresher.stop();
    };
  }, [live, refresher]);
  return <LiveContext value={live}>{children}</LiveContext>;
}

/** The state of the event stream; renders again when it changes. */
export function useLive(): LiveState {
  const live = useContext(LiveContext);
  if (!live) throw new Error('useLive needs a LiveProvider around it.');
  return useSyncExternalStore(live.subscribe, live.state);
}
