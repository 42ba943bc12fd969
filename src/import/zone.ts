const dayMs = 86_400_000;
const formats = new Map<string, Intl.DateTimeFormat>();
const days = new Map<string, Map<number, number | null>>();

/** Whether a text names a time zone of the IANA database (offsets such as "-06:00" do not). */
export function isZone(name: string): boolean {
  try {
    return /^[A-Za-z]/.test(name) && formatOf(name) !== undefined;
  } catch {
    return false;
  }
}

/** Minutes by which a zone's clock is ahead of UTC at an instant. */
export function offsetMinutesAt(zone: string, epochMs: number): number {
  let known = days.get(zone);
  if (!known) {
    known = new Map();
    days.set(zone, known);
  }
  const day = Math.floor(epochMs / dayMs);
  let offset = known.get(day);
  if (offset === undefined) {
    const [start, end] = [measure(zone, day * dayMs), measure(zone, (day + 1) * dayMs)];
    offset = start === end ? start : null;
    known.set(day, offset);
  }
  return offset ?? measure(zone, epochMs);
}

/**
 * The instant of a wall-clock time, given as if it were UTC. A time that comes twice means the first; one that
 * the clock skips means as much later, as a clock that was not put forward would have it.
 */
export function instantOfLocal(zone: string, localMs: number): number {
  const before = offsetMinutesAt(zone, localMs - dayMs);
  const after = offsetMinutesAt(zone, localMs + dayMs);
  for (const offset of [before, after]) {
    const epochMs = localMs - offset * 60_000;
    if (offsetMinutesAt(zone, epochMs) === offset) return epochMs;
  }
  return localMs - before * 60_000;
}

function measure(zone: string, epochMs: number): number {
  const parts: Record<string, number> = {};
  for (const { type, value } of formatOf(zone).formatToParts(epochMs)) parts[type] = Number(value);
  const { year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0 } = parts;
  const local = Date.UTC(year, month - 1, day, hour, minute, second);
  return Math.round((local - Math.floor(epochMs / 1000) * 1000) / 60_000);
}

function formatOf(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    formats.set(zone, format);
  }
  return format;
}
