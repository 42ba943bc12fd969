import type { Profile } from './demand.ts';
import type { HistoryProgress } from './history.ts';
import type { LiveOrder } from './live.ts';

/** What the parent gives the worker. */
export interface SimulatorData {
  readonly url: string;
  readonly seed: number;
  readonly stores: number;
  /** Business days before today to post, with today so far; 0 posts no history. */
  readonly historyDays: number;
  readonly rate: number;
  readonly profile: Profile;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Milliseconds of the epoch: what the tills sent since then goes out before the live orders; default now. */
  readonly sinceMs?: number | undefined;
}

/** What the worker tells the parent. */
export type SimulatorMessage =
  | { readonly type: 'stores'; readonly count: number }
  | { readonly type: 'customers'; readonly count: number }
  | ({ readonly type: 'progress' } & HistoryProgress)
  | ({ readonly type: 'history_posted' } & HistoryProgress)
  | {
      readonly type: 'live';
      /** Since the start. */
      readonly accepted: number;
      readonly rejected: number;
      /** The last order, and the last one that was refused. */
      readonly last: LiveOrder;
      readonly lastRejected?: LiveOrder;
    }
  /** The server cannot be reached or is busy; the orders wait. At most once a second. */
  | { readonly type: 'waiting'; readonly reason: string }
  /** The end: the server refuses what it is sent. */
  | { readonly type: 'error'; readonly message: string }
  | { readonly type: 'done' };

/** The parent posts this to end the worker. */
export const stopMessage = 'stop';
