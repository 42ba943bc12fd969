import { useSyncExternalStore } from 'react';

const storageKey = 'slicehouse.key';

/** With which key the page asks, and whether the server wants another one. */
export interface Session {
  /** Sent with every request; undefined while none is needed. */
  readonly key: string | undefined;
  /** Why the server refused the last key; empty when it was asked without one; undefined while it answers. */
  readonly refusal: string | undefined;
}

let current: Session = { key: stored(), refusal: undefined };
const listeners = new Set<() => void>();

/** The session as it is now. */
export function session(): Session {
  return current;
}

/** The session; renders again when it changes. */
export function useSession(): Session {
  return useSyncExternalStore(subscribe, session);
}

/** Asks with this key from now on, until the tab is closed. */
export function signIn(key: string): void {
  set({ key, refusal: undefined });
}

/** Forgets the key. */
export function signOut(): void {
  set({ key: undefined, refusal: undefined });
}

/** The server refused a request made with `used`; what an older key is refused for does not matter any more. */
export function refuse(used: string | undefined, detail: string): void {
  if (used === current.key && current.refusal === undefined)
    set({ key: undefined, refusal: used === undefined ? '' : detail });
}

/** Calls `listener` after each change; the answer ends that. */
export function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}

function set(next: Session): void {
  current = next;
  try {
    if (next.key === undefined) sessionStorage.removeItem(storageKey);
    else sessionStorage.setItem(storageKey, next.key);
  } catch {
    // Without storage the key holds until the page is loaded again.
  }
  for (const listener of listeners) listener();
}

function stored(): string | undefined {
  try {
    return sessionStorage.getItem(storageKey) ?? undefined;
  } catch {
    return undefined;
  }
}
