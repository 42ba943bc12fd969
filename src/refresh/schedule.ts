import { Cron } from 'croner';

/** A run that was or is to be: when, and for which business date. */
export interface Due {
  readonly scheduledAtMs: number;
  /** YYYY-MM-DD on the clock of the schedule's zone. */
  readonly businessDate: string;
}

export interface ScheduleOptions {
  /** Hour of the day, 0 to 23. */
  readonly hour: number;
  /** IANA name, such as America/New_York. */
  readonly timeZone: string;
}

/**
 * Once every date of a zone, at an hour of its clock. On the day the clock skips that hour the run comes when the
 * clock goes on; on the day the hour comes twice, the first time only.
 */
export class Schedule {
  readonly #cron: Cron;
  readonly #date: Intl.DateTimeFormat;
  /** IANA name. */
  readonly timeZone: string;

  /** @throws RangeError for a zone that nobody knows */
  constructor({ hour, timeZone }: ScheduleOptions) {
    this.timeZone = timeZone;
    this.#date = new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' });
    this.#cron = new Cron(`0 0 ${hour} * * *`, { timezone: timeZone, paused: true });
  }

  /** The newest run that is due at this instant. */
  latest(nowMs: number): Due {
    // A millisecond later, because an instant is not before itself.
    const [at] = this.#cron.previousRuns(1, new Date(nowMs + 1000 - (nowMs % 1000)));
    if (!at) throw new Error('The schedule has no earlier run.');
    return this.#due(at);
  }

  /** The first run after this instant. */
  next(nowMs: number): Due {
    const at = this.#cron.nextRun(new Date(nowMs));
    if (!at) throw new Error('The schedule has no later run.');
    return this.#due(at);
  }

  #due(at: Date): Due {
    return { scheduledAtMs: at.getTime(), businessDate: this.#date.format(at) };
  }
}
