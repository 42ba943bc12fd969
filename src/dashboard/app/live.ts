import type { VisibleEvent } from '../../contract/answers.ts';
import type { PipelineAnswer } from '../../contract/pipeline.ts';
import { ApiError, fetchJson, request } from './api.ts';
import { readEvents } from './read-events.ts';
import { addStep, type Second } from './steps.ts';

export type Connection = 'connecting' | 'live' | 'reconnecting' | 'offline';

/** What is known about the stream of events right now. Times are milliseconds since 1970, of this machine. */
export interface LiveState {
  readonly connection: Connection;
  /** The last step in which orders became visible while this page watched. */
  readonly lastStep: { readonly freshnessMs: number; readonly at: number } | undefined;
  /** The last minutes, second by second; those in which nothing became visible are left out. */
  readonly seconds: readonly Second[];
  /** Every order accepted up to then is counted. */
  readonly visibleThrough: number | undefined;
  /** When the server was last heard. */
  readonly lastHeardAt: number | undefined;
}

const retryMs = { first: 500, most: 4_000 };
/** So long the page says that it reconnects; from then on, that it is offline. */
const patienceMs = 4_000;
/** The server speaks every 15 seconds at least; after this much silence the connection is dead. */
const silenceMs = 40_000;
/** How often a server is asked that has no events of its own, and only while somebody can see the page. */
const askMs = 60_000;

/**
 * Watches `GET /v1/events`, and connects again for as long as the page is open. Where there are none, because
 * functions answer, which cannot go on speaking, it asks from time to time.
 */
export class Live {
  #state: LiveState = {
    connection: 'connecting',
    lastStep: undefined,
    seconds: [],
    visibleThrough: undefined,
    lastHeardAt: undefined,
  };
  readonly #listeners = new Set<() => void>();
  readonly #onNews: () => void;
  #abort = new AbortController();
  #retry: ReturnType<typeof setTimeout> | undefined;
  #silence: ReturnType<typeof setTimeout> | undefined;
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
      this.#hangUp();
    };
  }

  #connect(): void {
    this.#hangUp();
    this.#abort = new AbortController();
    void this.#listen(this.#abort.signal);
  }

  #hangUp(): void {
    clearTimeout(this.#retry);
    clearTimeout(this.#silence);
    this.#retry = undefined;
    this.#abort.abort();
  }

  async #listen(signal: AbortSignal): Promise<void> {
    try {
      this.#awaitWord();
      const { body } = await request('/v1/events', { accept: 'text/event-stream', signal });
      for await (const { name, data } of body ? readEvents(body) : []) {
        this.#awaitWord();
        if (name === 'hello' || name === 'visible') this.#hear(JSON.parse(data) as VisibleEvent, name === 'visible');
        else if (name === 'refreshed') this.#onNews();
      }
    } catch (error) {
      if (error instanceof ApiError && error.problem?.status === 404) return this.#ask(signal);
      // A stream that breaks is as lost as one that ends.
    }
    if (!signal.aborted) this.#lose();
  }

  async #ask(signal: AbortSignal): Promise<void> {
    try {
      if (!document.hidden) {
        this.#awaitWord();
        const { visible_through, data_version } = await fetchJson<PipelineAnswer>('/v1/pipeline', signal);
        this.#hear({ visible_through, data_version, orders: 0, freshness_ms: 0 }, false);
      }
      clearTimeout(this.#silence);
      this.#retry = setTimeout(() => void this.#ask(signal), askMs);
    } catch {
      if (!signal.aborted) this.#lose();
    }
  }

  #awaitWord(): void {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => this.#lose(), silenceMs);
  }

  #hear({ visible_through, data_version, freshness_ms: freshnessMs, orders }: VisibleEvent, step: boolean): void {
    const at = Date.now();
    this.#lostAt = undefined;
    this.#failures = 0;
    const news = this.#version !== undefined && this.#version !== data_version;
    this.#version = data_version;
    this.#set({
      connection: 'live',
      lastStep: step ? { freshnessMs, at } : this.#state.lastStep,
      seconds: step ? addStep(this.#state.seconds, { at, orders, freshnessMs }) : this.#state.seconds,
      visibleThrough: visible_through === null ? this.#state.visibleThrough : Date.parse(visible_through),
      lastHeardAt: at,
    });
    if (step || news) this.#onNews();
  }

  #lose(): void {
    this.#hangUp();
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
    this.#retry = setTimeout(() => this.#connect(), wait);
  }

  #set(state: LiveState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}
