import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { drop, replay } from './calls.ts';

type State =
  | { readonly state: 'idle' }
  | { readonly state: 'busy' }
  | { readonly state: 'sent'; readonly what: 'replay' | 'drop' }
  | { readonly state: 'failed'; readonly error: Error };

/** How far a decision about a record has come, and the ways to make one. */
export type Sending = State & {
  /** Sends it as it came, or corrected. */
  readonly replay: (corrected: string | undefined) => void;
  readonly drop: () => void;
  /** Forgets what the server refused. */
  readonly forget: () => void;
};

/** Sends decisions about a record; `onSent` is called when the server has taken one. */
export function useSending(id: string, onSent: () => void): Sending {
  const client = useQueryClient();
  const [state, setState] = useState<State>({ state: 'idle' });
  const send = (what: 'replay' | 'drop', call: () => Promise<void>) => {
    setState({ state: 'busy' });
    void call()
      .then((): State => {
        onSent();
        return { state: 'sent', what };
      })
      .catch(
        (error: unknown): State => ({
          state: 'failed',
          error: error instanceof Error ? error : new Error(String(error)),
        }),
      )
      .then((next) => {
        setState(next);
        return client.invalidateQueries({ queryKey: ['quarantine'] });
      });
  };
  return {
    ...state,
    replay: (corrected) => send('replay', () => replay(id, corrected)),
    drop: () => send('drop', () => drop(id)),
    forget: () => setState({ state: 'idle' }),
  };
}
