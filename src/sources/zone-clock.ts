/** A rule that says how far local time is ahead of UTC, in minutes, at an instant in milliseconds since 1970. */
export interface ZoneClock {
  offsetMinutes(epochMs: number): number;
  /** Whether clock changes are known; a bare offset knows none. */
  readonly knowsChanges: boolean;
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const quarterMs = hourMs / 4;
const dayMs = 24 * hourMs;
/** Clocks are never put back by more. */
const changeMs = 3 * hourMs;
const offsetsMax = 100_000;

/**
 * The clock of an IANA time zone. To ask Intl costs 50 microseconds, so offsets are kept: by the day, and on days on
 * which the clock changes by the quarter of an hour, on which clocks change.
 */
export function zoneClock(name: string): ZoneClock {
  const format = new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' });
  const ask = (epochMs: number): number => offsetIn(format.format(epochMs));
  const quarters = remembered((quarter) => ask(quarter * quarterMs));
  const days = remembered((day) => {
    const offset = ask(day * dayMs);
    return offset === ask((day + 1) * dayMs) ? offset : Number.NaN;
  });
  return {
    knowsChanges: true,
    offsetMinutes(epochMs) {
      const offset = days(Math.floor(epochMs / dayMs));
      return Number.isNaN(offset) ? quarters(Math.floor(epochMs / quarterMs)) : offset;
    },
  };
}

function remembered(find: (index: number) => number): (index: number) => number {
  const known = new Map<number, number>();
  return (index) => {
    let value = known.get(index);
    if (value === undefined) {
      value = find(index);
      if (known.size >= offsetsMax) known.clear();
      known.set(index, value);
    }
    return value;
  };
}

/** A clock that is always as far ahead of UTC. */
export function fixedClock(offsetMinutes: number): ZoneClock {
  return { offsetMinutes: () => offsetMinutes, knowsChanges: false };
}

/** "1/1/2026, GMT-05:00" is -300. */
function offsetIn(written: string): number {
  const [, sign, hours, minutes] = /GMT(?:([+-])(\d\d):(\d\d))?/.exec(written) ?? [];
  return sign === undefined ? 0 : (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}

const writtenTime = /^(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d:\d\d)(\.\d{1,6})?)?$/;

/**
 * The instant of a local time such as `2026-11-01 01:30:00`, as ISO 8601 in UTC with milliseconds; a date alone is its
 * midnight. An hour that comes twice is taken for its first; one that the clock skips for as much later. Undefined
 * for what is no date, zero dates included.
 */
export function instantOf(local: string, clock: ZoneClock): string | undefined {
  const [, date, time = '00:00:00', fraction = ''] = writtenTime.exec(local) ?? [];
  const asUtc = Date.parse(`${date}T${time}${fraction.slice(0, 4)}Z`);
  // Date.parse moves 31 February into March.
  if (Number.isNaN(asUtc) || new Date(asUtc).getUTCDate() !== Number(date?.slice(8))) return undefined;
  // With the offset of the day before; where the clock has changed since, with the one that it changed to.
  const before = asUtc - clock.offsetMinutes(asUtc - dayMs) * minuteMs;
  const isBefore = clock.offsetMinutes(before) * minuteMs === asUtc - before;
  const after = asUtc - clock.offsetMinutes(before) * minuteMs;
  const isAfter = clock.offsetMinutes(after) * minuteMs === asUtc - after;
  return new Date(isBefore || !isAfter ? before : after).toISOString();
}

/**
 * The earliest local time that a clock on the wall can have shown at or after an instant: an hour that comes twice
 * shows times again that lie before it. Written as `2026-11-01 01:30:00`.
 */
export function earliestLocal(epochMs: number, clock: ZoneClock): string {
  const offset = Math.min(clock.offsetMinutes(epochMs), clock.offsetMinutes(epochMs + changeMs));
  // A clock whose changes are unknown may have been an hour behind.
  const marginMs = clock.knowsChanges ? 0 : hourMs;
  return sqlTime(epochMs + offset * minuteMs - marginMs);
}

/** An instant as SQL writes it in UTC, to the second below. */
export function sqlTime(epochMs: number): string {
  return new Date(epochMs).toISOString().slice(0, 19).replace('T', ' ');
}
