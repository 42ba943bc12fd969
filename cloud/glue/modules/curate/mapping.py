"""The mapping: how the tables of a MySQL server become reference data. The members of docs/mysql.md, as JSON."""

import json
from collections.abc import Mapping
from typing import Any

from curate.checks import Fault, fault
from curate.entities import ENTITIES
from curate.failures import SourceError
from curate.zone_clock import zone_name

_CONNECTION = {
    "host": str,
    "port": int,
    "user": str,
    "database": str,
    "ssl": ("on", "off"),
    "ca": str,
}
_NEEDED = ("host", "user", "database")
_SPOKEN = {str: "a text", int: "a whole number"}
_OVERLAP_MINUTES_MAX = 10_080
_SECRETS = {"password", "passwd", "pass", "pwd", "token", "secret"}


def read_mapping(text: str, known: Mapping[str, Any]) -> dict[str, Any]:
    """
    Reads a mapping from JSON text; `known` is what else is known of the connection, such as what the secret says.

    Raises SourceError of kind `mapping`, naming every mistake, and never a value: it may be a password.
    """
    try:
        mapping = json.loads(text or "{}")
    except json.JSONDecodeError as error:
        raise SourceError("mapping", f"The mapping is not valid JSON at line {error.lineno}.") from None
    if not isinstance(mapping, dict):
        raise SourceError("mapping", "The mapping is not an object.")
    connection = mapping.get("connection", {})
    if isinstance(connection, dict):
        mapping = {**mapping, "connection": {**known, **connection}}
    faults = _mistakes(mapping)
    if faults:
        count = "a mistake" if len(faults) == 1 else f"{len(faults)} mistakes"
        raise SourceError("mapping", f"The mapping has {count}:", faults)
    return mapping


def section_of(mapping: Mapping[str, Any], table: str) -> dict[str, Any] | None:
    """
    What a mapping says of a table. Stores and customers are kept unless it says that they are not; menu items only if
    it names them.
    """
    section = mapping.get(table, False if table == "menu_items" else {})
    return None if section is False else section


def _mistakes(mapping: dict[str, Any]) -> list[Fault]:
    faults = _unknown("", mapping, ("connection", "zone", "overlap_minutes", *ENTITIES))
    faults += _connection_mistakes(mapping["connection"])
    zone, overlap = mapping.get("zone"), mapping.get("overlap_minutes")
    if zone is not None and (not isinstance(zone, str) or zone_name(zone) is None):
        faults.append(fault("zone", "must be an IANA time zone such as America/Chicago."))
    if overlap is not None and (not _is(overlap, int) or not 1 <= overlap <= _OVERLAP_MINUTES_MAX):
        faults.append(fault("overlap_minutes", f"must be a whole number from 1 to {_OVERLAP_MINUTES_MAX}."))
    for table in ENTITIES:
        faults += _section_mistakes(table, mapping.get(table, False))
    return faults


def _connection_mistakes(connection: Any) -> list[Fault]:
    if not isinstance(connection, dict):
        return [fault("connection", "must be a table of `member: value`.")]
    faults = _unknown("connection.", connection, tuple(_CONNECTION))
    faults += [fault(f"connection.{member}", "is missing.") for member in _NEEDED if member not in connection]
    for member, kind in _CONNECTION.items():
        value = connection.get(member)
        if value is None:
            continue
        if isinstance(kind, tuple):
            if value not in kind:
                faults.append(fault(f"connection.{member}", f"must be one of {', '.join(kind)}."))
        elif not _is(value, kind):
            faults.append(fault(f"connection.{member}", f"must be {_SPOKEN[kind]}."))
    if connection.get("ssl") == "off" and "ca" in connection:
        faults.append(fault("connection.ca", "has no use with ssl: off."))
    return faults


def _section_mistakes(table: str, section: Any) -> list[Fault]:
    if section is False:
        return []
    if not isinstance(section, dict):
        return [fault(table, "must be a table of `member: value` or false.")]
    faults = _unknown(f"{table}.", section, ("table", "watermark", "columns"))
    if not _is(section.get("table", "text"), str):
        faults.append(fault(f"{table}.table", "must be a text."))
    if not _is_name_or_false(section.get("watermark", False)):
        faults.append(fault(f"{table}.watermark", "must be a text or false."))
    columns = section.get("columns", {})
    if not isinstance(columns, dict):
        return [*faults, fault(f"{table}.columns", "must be a table of `member: value`.")]
    fields = ENTITIES[table].fields
    faults += _unknown(f"{table}.columns.", columns, tuple(fields))
    for field, column in columns.items():
        if not _is_name_or_false(column):
            faults.append(fault(f"{table}.columns.{field}", "must be a text or false."))
        elif column is False and field in fields and fields[field].is_expected:
            message = f"is needed; `{table}: false` leaves all of them out."
            faults.append(fault(f"{table}.columns.{field}", message))
    return faults


def _unknown(at: str, value: Mapping[str, Any], members: tuple[str, ...]) -> list[Fault]:
    def message(member: str) -> str:
        if member.lower() in _SECRETS:
            return "does not belong into a mapping: it comes from the secret."
        return f"is not a member here; there are {', '.join(members)}."

    return [fault(f"{at}{member}", message(member)) for member in value if member not in members]


def _is_name_or_false(value: Any) -> bool:
    return value is False or _is(value, str)


def _is(value: Any, kind: type) -> bool:
    return isinstance(value, kind) and not isinstance(value, bool) and value != ""
