import { useCallback, useMemo } from 'react';
import { navigate, useSearch } from '../../app/navigation.ts';
import { type Choice, readChoice, writeChoice } from './choice.ts';

/** Changes some of the choice. `replace` overwrites the history entry, for what changes with every key stroke. */
export type Choose = (changes: Partial<Choice>, how?: 'push' | 'replace') => void;

/** The choice in the address, and the way to change it; the browser's back button takes changes back. */
export function useChoice(): [Choice, Choose] {
  const search = useSearch();
  const choice = useMemo(() => readChoice(search), [search]);
  const choose = useCallback<Choose>((changes, how = 'push') => {
    const next = writeChoice({ ...readChoice(location.search), ...changes });
    if (next !== location.search) navigate(location.pathname + next, how);
  }, []);
  return [choice, choose];
}
