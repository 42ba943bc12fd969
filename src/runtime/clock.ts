export interface ClockSources {
  /** Milliseconds since 1970, by a clock that somebody may set. */
  readonly wall?: () => number;
  /** Milliseconds by a clock that nobody can set. */
  readonly steady?: () => number;
}

/** By more than this within the time between two looks, a clock was set; less is drift. */
const jumpMsMin = 1_000;

interface Jump {
  /** The wall clock's time just before, and by how much it was set. */
  readonly fromMs: number;
  readonly byMs: number;
}

/**
 * The time of day, and how long ago something was by it, also when the clock is set in between: its jumps show in
 * comparison with a steady clock.
 */
export class Clock {
  readonly #wall: () => number;
  readonly #steady: () => number;
  #offsetMs: number;
  #jump: Jump = { fromMs: Number.NEGATIVE_INFINITY, byMs: 0 };

  constructor({ wall = Date.now, steady = () => performance.now() }: ClockSources = {}) {
    this.#wall = wall;
    this.#steady = steady;
    this.#offsetMs = wall() - steady();
  }

  /** Milliseconds since 1970. */
  now(): number {
    const [wall, steady] = [this.#wall(), this.#steady()];
    const byMs = wall - steady - this.#offsetMs;
    if (Math.abs(byMs) > jumpMsMin) this.#jump = { fromMs: steady + this.#offsetMs, byMs };
    this.#offsetMs = wall - steady;
    return wall;
  }

  /**
   * What this clock would have said at the time it said `stampMs`, had it been set as it is now. A time from before
   * the last jump is one that lies in the future, or, with the clock set forward, before the jump.
   */
  restated(stampMs: number, nowMs: number): number {
    const { fromMs, byMs } = this.#jump;
    const isBefore = byMs < 0 ? stampMs > nowMs : stampMs <= fromMs;
    return Math.min(nowMs, isBefore ? stampMs + byMs : stampMs);
  }
}
