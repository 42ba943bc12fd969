import { useSyncExternalStore } from 'react';

const changed = 'slicehouse:navigate';
let moved = false;

addEventListener('popstate', () => {
  moved = true;
});

/** Whether a reader went from page to page since the document was loaded. */
export function hasMoved(): boolean {
  return moved;
}

/** Goes to another address of ours without loading the document again. `replace` overwrites the history entry. */
export function navigate(href: string, how: 'push' | 'replace' = 'push'): void {
  const path = location.pathname;
  history[how === 'push' ? 'pushState' : 'replaceState'](null, '', href);
  if (location.pathname !== path) {
    moved = true;
    scrollTo(0, 0);
  }
  dispatchEvent(new Event(changed));
}

/** The path of the address; renders again when it changes. */
export function usePath(): string {
  return useSyncExternalStore(subscribe, () => location.pathname);
}

/** The query part of the address, with its question mark; renders again when it changes. */
export function useSearch(): string {
  return useSyncExternalStore(subscribe, () => location.search);
}

function subscribe(listener: () => void): () => void {
  addEventListener('popstate', listener);
  addEventListener(changed, listener);
  return () => {
    removeEventListener('popstate', listener);
    removeEventListener(changed, listener);
  };
}
