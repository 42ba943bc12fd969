/** A time of day on the clock of the refresh's zone. */
export interface TimeOfDay {
  readonly hour: number;
  readonly minute: number;
}

/** A schedule of EventBridge Scheduler that starts the refresh every day. */
export interface DailySchedule extends TimeOfDay {
  readonly name: 'refresh' | 'catch-up';
  readonly description: string;
}

/** The hour of the daily refresh; `src/refresh/schedule.ts` reckons which run is due with the same one. */
export const refreshHour = 2;

/**
 * Two schedules start the same state machine. EventBridge Scheduler leaves out a time that the clock skips, so on the
 * day without a 02:00 only the catch-up comes; on every other day the ledger has the run and the catch-up ends at
 * once, or it runs what failed or never began at 02:00. An hour and a half later is another hour of the clock, so
 * that no single change skips both.
 */
export const dailySchedules: readonly DailySchedule[] = [
  { name: 'refresh', hour: refreshHour, minute: 0, description: 'The daily refresh' },
  {
    name: 'catch-up',
    hour: refreshHour + 1,
    minute: 30,
    description: 'The daily refresh on the night that has no such hour, or once more when it failed',
  },
];
