"""Stores: what is read of them, and what makes a good one."""

from functools import cache
from zoneinfo import available_timezones

from curate.checks import Fault, Number, Row, Text, fault, faults_of
from curate.states import state_code
from curate.zips import ZipZones, store_time_zone

_CLOSEOUT_HOUR = 4
_CHECKS = {
    "store_id": Text(64, shortest=1),
    "name": Text(120),
    "state": Text(40, shortest=2),
    "city": Text(100),
    "zip": Text(10),
    "time_zone": Text(64),
    "latitude": Number(-90, 90),
    "longitude": Number(-180, 180),
    "closeout_hour": Number(0, 12, is_whole=True),
}


def normalise_store(row: Row, zones: ZipZones) -> Row | list[Fault]:
    """A store with its state's code and, if it names none, the time zone of its ZIP code or state; or what is wrong."""
    faults = faults_of(row, _CHECKS, required=("store_id", "state"))
    if faults:
        return faults
    state = state_code(row["state"])
    if state is None:
        return [fault("/state", "must be a state of the USA, DC or PR")]
    time_zone = row.get("time_zone") or store_time_zone(state, row.get("zip"), zones)
    if time_zone.lower() not in _zone_names():
        return [fault("/time_zone", "must be an IANA time zone such as America/Chicago")]
    return {
        "store_id": row["store_id"],
        "name": row.get("name"),
        "state": state,
        "city": row.get("city"),
        "zip": row.get("zip"),
        "time_zone": time_zone,
        "latitude": row.get("latitude"),
        "longitude": row.get("longitude"),
        "closeout_hour": row.get("closeout_hour", _CLOSEOUT_HOUR),
        "changed_at": None,
    }


@cache
def _zone_names() -> frozenset[str]:
    """The names are compared without case. `Factory` is a zone for machines whose clock nobody has set."""
    return frozenset(name.lower() for name in available_timezones() - {"Factory"})
