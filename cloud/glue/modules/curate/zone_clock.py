"""Local times and instants, by the same rules as src/sources/zone-clock.ts. Instants are milliseconds since 1970."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

_MINUTE_MS = 60_000
_DAY_MS = 24 * 60 * _MINUTE_MS
# Clocks are never put back by more.
_CHANGE_MS = 3 * 60 * _MINUTE_MS
_QUARTER_MS = 15 * _MINUTE_MS
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EARLIEST_MS = (datetime(1, 1, 3, tzinfo=UTC) - _EPOCH) // timedelta(milliseconds=1)
_LATEST_MS = (datetime(9999, 12, 29, tzinfo=UTC) - _EPOCH) // timedelta(milliseconds=1)
_WRITTEN = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[ T]([0-9]{2}:[0-9]{2}:[0-9]{2})(\.[0-9]{1,6})?)?")


@dataclass(frozen=True)
class ZoneClock:
    """Says how far local time is ahead of UTC, in minutes, at an instant. A bare offset knows no clock changes."""

    offset_minutes: Callable[[int], float]
    knows_changes: bool


def zone_clock(name: str) -> ZoneClock:
    """The clock of an IANA time zone."""
    zone = ZoneInfo(zone_name(name) or name)

    @lru_cache(maxsize=100_000)
    def offset_of_quarter(quarter: int) -> float:
        # Clocks change on a quarter of an hour. Beyond the years that Python has, nothing changes any more.
        epoch_ms = min(max(quarter * _QUARTER_MS, _EARLIEST_MS), _LATEST_MS)
        offset = _time_of(epoch_ms).astimezone(zone).utcoffset()
        return offset.total_seconds() / 60 if offset else 0

    return ZoneClock(lambda epoch_ms: offset_of_quarter(epoch_ms // _QUARTER_MS), knows_changes=True)


def fixed_clock(offset_minutes: float) -> ZoneClock:
    """A clock that is always as far ahead of UTC."""
    return ZoneClock(lambda _: offset_minutes, knows_changes=False)


def zone_name(written: str) -> str | None:
    """The name of an IANA time zone, in its own case; None if there is none of this name."""
    lower = written.lower()
    return next((name for name in available_timezones() - {"Factory"} if name.lower() == lower), None)


def instant_of(local: str, clock: ZoneClock) -> int | None:
    """
    The instant of a local time such as `2026-11-01 01:30:00`; a date alone is its midnight. An hour that comes twice
    is taken for its first; one that the clock skips for as much later. None for what is no date, zero dates included.
    """
    match = _WRITTEN.fullmatch(local)
    if match is None:
        return None
    fraction = (match[3] or ".0")[:4]
    try:
        as_utc = _ms_of(datetime.fromisoformat(f"{match[1]}T{match[2] or '00:00:00'}").replace(tzinfo=UTC))
    except ValueError:
        return None
    as_utc += int(fraction[1:].ljust(3, "0"))
    # With the offset of the day before; where the clock has changed since, with the one that it changed to.
    before = as_utc - round(clock.offset_minutes(as_utc - _DAY_MS) * _MINUTE_MS)
    after = as_utc - round(clock.offset_minutes(before) * _MINUTE_MS)
    is_before = round(clock.offset_minutes(before) * _MINUTE_MS) == as_utc - before
    is_after = round(clock.offset_minutes(after) * _MINUTE_MS) == as_utc - after
    return before if is_before or not is_after else after


def earliest_local(epoch_ms: int, clock: ZoneClock) -> str:
    """
    The earliest local time that a clock on the wall can have shown at or after an instant: an hour that comes twice
    shows times again that lie before it. Written as `2026-11-01 01:30:00`.
    """
    offset = min(clock.offset_minutes(epoch_ms), clock.offset_minutes(epoch_ms + _CHANGE_MS))
    # A clock whose changes are unknown may have been an hour behind.
    margin_ms = 0 if clock.knows_changes else 60 * _MINUTE_MS
    return sql_time(epoch_ms + round(offset * _MINUTE_MS) - margin_ms)


def sql_time(epoch_ms: int) -> str:
    """An instant as SQL writes it in UTC, to the second below."""
    return _time_of(epoch_ms // 1000 * 1000).strftime("%Y-%m-%d %H:%M:%S")


def iso_time(epoch_ms: int) -> str:
    """An instant as ISO 8601 in UTC, with milliseconds."""
    return _time_of(epoch_ms).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def iso_ms(written: str) -> int:
    """The instant of ISO 8601 text."""
    return _ms_of(datetime.fromisoformat(written))


def _time_of(epoch_ms: int) -> datetime:
    return _EPOCH + timedelta(milliseconds=epoch_ms)


def _ms_of(time: datetime) -> int:
    return (time - _EPOCH) // timedelta(milliseconds=1)
