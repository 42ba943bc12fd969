import { useCallback, useMemo, useSyncExternalStore } from 'react';
import { type Choice, readChoice, writeChoice } from './choice.ts';

const changed = 'slicehouse:choice';

function subscribe(listener: () => void): () => void {
  addEventListener('popstate', listener);
  addEventListener(changed, listener);
  return () => {
    removeEventListener('popstate', listener);
    removeEventListener(changed, listener);
  };
}

/** Changes some of the choice. `replace` overwrites the history entry, for what changes with every key stroke. */
export type Choose = (changes: Partial<Choice>, how?: 'push' | 'replace') => void;

/** The choice in the address, and the way to change it; the browser's back button takes changes back. */
export function useChoice(): [Choice, Choose] {
  const search = useSyncExternalStore(subscribe, () => location.search);
  const choice = useMemo(() => readChoice(search), [search]);
  const choose = useCallback<Choose>((changes, how = 'push') => {
    const next = writeChoice({ ...readChoice(location.search), ...changes });
    if (next === location.search) return;
    history[how === 'push' ? 'pushState' : 'replaceState'](null, '', location.pathname + next);
    dispatchEvent(new Event(changed));
  }, []);
  return [choice, choose];
}
