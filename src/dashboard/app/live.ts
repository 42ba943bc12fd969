import type { VisibleEvent } from '../../contract/answers.ts';

export type Connection = 'connecting' | 'live' | 'reconnecting' | 'offline';

/** What is known about the stream of events right now. Times are milliseconds since 1970, of this machine. */
export interface LiveState {
  readonly connection: Connection;
  /** The last step in which orders became visible while this page watched. */
  readonly lastStep: { readonly freshnessMs: number; readonly at: number } | undefined;
  /** Every order accepted up to then is counted. */
  readonly visibleThrough: number | undefined;
  /** When the server was last heard. */
  readonly lastHeardAt: number | undefined;
}

const retryMs = { first: 500, most: 4_000 };
/** So long the page says that it reconnects; from then on, that it is offline. */
const patienceMs = 4_000;

/** Watches `GET /v1/events`, and connects again for as long as the page is open. */
export class Live {
  #state: LiveState = {
    connection: 'connecting',
    lastStep: undefined,
    visibleThrough: undefined,
    lastHeardAt: undefined,
  };
  readonly #listeners = new Set<() => void>();
  readonly #onNews: () => void;
  #source: EventSource | undefined;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #lostAt: number | undefined;
  #failures = 0;
  #version: number | undefined;

  /** @param onNews called whenever there are figures that the page may not have seen */
  constructor(onNews: () => void) {
    this.#onNews = onNews;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly state = (): LiveState => this.#state;

  /** Connects; the answer disconnects. */
  open(): () => void {
    this.#connect();
    const retryNow = () => {
      if (this.#retry !== undefined) this.#connect();
    };
    addEventListener('online', retryNow);
    return () => {
      removeEventListener('online', retryNow);
      clearTimeout(this.#retry);
      this.#source?.close();
    };
  }

  #connect(): void {
    clearTimeout(this.#retry);
    this.#retry = undefined;
    this.#source?.close();
    const source = new EventSource('/v1/events');
    this.#source = source;
    source.addEventListener('hello', (event) => this.#hear(event, false));
    source.addEventListener('visible', (event) => this.#hear(event, true));
    source.addEventListener('error', () => this.#lose());
  }

  #hear(event: MessageEvent<string>, step: boolean): void {
    const { visible_through, data_version, freshness_ms } = JSON.parse(event.data) as VisibleEvent;
    const at = Date.now();
    this.#lostAt = undefined;
    this.#failures = 0;
    const news = this.#version !== undefined && this.#version !== data_version;
    this.#version = data_version;
    this.#set({
      connection: 'live',
      lastStep: step ? { freshnessMs: freshness_ms, at } : this.#state.lastStep,
      visibleThrough: visible_through === null ? this.#state.visibleThrough : Date.parse(visible_through),
      lastHeardAt: at,
    });
    if (step || news) this.#onNews();
  }

  #lose(): void {
    this.#source?.close();
    const now = Date.now();
    this.#lostAt ??= now;
    const given = now - this.#lostAt >= patienceMs || !navigator.onLine;
    const wait = Math.min(retryMs.most, retryMs.first * 2 ** this.#failures);
    this.#failures += 1;
    this.#set({
      ...this.#state,
      connection: given ? 'offline' : 'reconnecting',
      lastHeardAt: this.#state.connection === 'live' ? now : this.#state.lastHeardAt,
    });
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => this.#connect(), wait);
  }

  #set(state: LiveState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}
