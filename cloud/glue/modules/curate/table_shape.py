"""Finds the columns that a mapping asks for in a table of the server."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from curate.checks import Fault, fault
from curate.entities import ENTITIES
from curate.failures import SourceError

_KEY_TYPES = re.compile("char|varchar|(tiny|medium|long)?text|(tiny|small|medium|big)?int|decimal|uuid")
_FIELD_TYPES = re.compile(_KEY_TYPES.pattern + "|enum|float|double|year")
_WATERMARK_TYPES = re.compile("timestamp|datetime|date")
_NUMBER_TYPES = re.compile("(tiny|small|medium|big)?int|float|double|year")


@dataclass(frozen=True)
class Column:
    """A column as it really is called, and its type without length, in lower case."""

    name: str
    type: str

    @property
    def is_number(self) -> bool:
        """Whether what it holds has no leading zeros."""
        return _NUMBER_TYPES.fullmatch(self.type) is not None


@dataclass(frozen=True)
class TableShape:
    """Which columns of which table are read for what; `columns` by field, the key among them."""

    table: str
    key: Column
    columns: Mapping[str, Column]
    watermark: Column | None
    # A sentence with all the columns there are, for messages.
    has: str


def find_shape(table: str, section: Mapping[str, Any], name: str, there: Sequence[Column]) -> TableShape:
    """
    Finds what a section of the mapping asks for among the columns of the table `name`.

    Raises SourceError of kind `shape`, naming everything that is not there and what is.
    """
    entity, wanted, faults = ENTITIES[table], section.get("columns", {}), []
    columns: dict[str, Column] = {}
    for field, about in entity.fields.items():
        column = _find(there, field, wanted.get(field), about.is_expected, _FIELD_TYPES, faults)
        if column is not None:
            columns[field] = column
    watermark = _find(there, "watermark", section.get("watermark"), False, _WATERMARK_TYPES, faults, "updated_at")
    key = columns.get(entity.key)
    if key is not None and not _KEY_TYPES.fullmatch(key.type):
        faults.append(fault(entity.key, f"column `{key.name}` is {key.type}; a view can give it as text."))
    has = f"It has {', '.join(column.name for column in there)}."
    if faults or key is None:
        raise SourceError("shape", f"The table `{name}` is not as the mapping of {table} says. {has}", faults)
    return TableShape(name, key, columns, watermark, has)


def _find(
    there: Sequence[Column],
    field: str,
    wanted: str | bool | None,
    is_expected: bool,
    types: re.Pattern[str],
    faults: list[Fault],
    default_name: str | None = None,
) -> Column | None:
    """What a section asks for by name must be there; what it says nothing about is taken if it is."""
    if wanted is False:
        return None
    name = wanted or default_name or field
    column = next((one for one in there if one.name.lower() == name.lower()), None)
    if column is None:
        if is_expected or wanted is not None:
            faults.append(fault(field, f"there is no column `{name}`."))
        return None
    if types.fullmatch(column.type):
        return column
    faults.append(fault(field, f"column `{column.name}` is {column.type}, which cannot be read as {field}."))
    return None


def basis_of(shape: TableShape, zone: str | None) -> str:
    """What a table is read from, as text: from other columns, rows that have not changed make other records."""
    basis = {
        "table": shape.table,
        "columns": {field: column.name for field, column in shape.columns.items()},
        "watermark": shape.watermark.name if shape.watermark else None,
        "zone": zone,
    }
    return json.dumps(basis, ensure_ascii=False, separators=(",", ":"))


def refuse_lost_columns(table: str, shape: TableShape, section: Mapping[str, Any], basis: str | None) -> None:
    """
    Refuses to go on when a column that was read before is gone and the mapping does not say so: its field would become
    empty for everybody.

    Raises SourceError of kind `shape`.
    """
    before = _read_basis(basis)
    if before is None or before.get("table") != shape.table:
        return
    faults = []
    for field, column in before["columns"].items():
        is_meant = section.get("columns", {}).get(field) is False or field not in ENTITIES[table].fields
        if not is_meant and field not in shape.columns:
            message = f"column `{column}` was read before and is gone; say where it is, or `{field}: false`."
            faults.append(fault(field, message))
    if faults:
        raise SourceError("shape", f"The table `{shape.table}` of {table} has changed. {shape.has}", faults)


def _read_basis(basis: str | None) -> dict[str, Any] | None:
    try:
        before = json.loads(basis or "null")
    except json.JSONDecodeError:
        return None
    return before if isinstance(before, dict) and isinstance(before.get("columns"), dict) else None
