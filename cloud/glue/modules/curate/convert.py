"""Rows of a table made into lines of the curated files."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from curate.entities import ENTITIES
from curate.table_shape import Column, TableShape
from curate.values import read_key, read_value
from curate.zips import ZipZones
from curate.zone_clock import ZoneClock, fixed_clock, instant_of, iso_time, zone_clock


@dataclass(frozen=True)
class ZoneRule:
    """The zone of a table's times, in a form that travels to other processes: a name, or minutes ahead of UTC."""

    name: str | None
    offset_minutes: float = 0

    def clock(self) -> ZoneClock:
        return fixed_clock(self.offset_minutes) if self.name is None else zone_clock(self.name)


@dataclass(frozen=True)
class Conversion:
    """
    Makes lines of the rows of a table. `zone` is that of the watermark, `now_ms` the server's clock: what is said to
    change later has changed by now.
    """

    table: str
    shape: TableShape
    zone: ZoneRule
    now_ms: int
    zones: ZipZones

    def lines(self, rows: Iterable[Sequence[str | None]]) -> Iterator[tuple[str, str]]:
        """
        Lines with their kind: `records` for rows that are good, `errors` for those that cannot be taken, with the
        reason, and `keys` for all that have one.
        """
        entity, read, changed_at = ENTITIES[self.table], self._reader(), self._dating()
        for row in rows:
            key, raw = read_key(row[0]), read(row)
            if key is not None:
                raw[entity.key] = key
                yield "keys", to_json({entity.key: key})
            made = entity.normalise(raw, self.zones)
            if isinstance(made, list):
                yield "errors", to_json({"table": self.table, "key": key, "faults": made})
            else:
                yield "records", to_json({**made, "changed_at": changed_at(row)})

    def _reader(self) -> Callable[[Sequence[str | None]], dict]:
        fields, first = ENTITIES[self.table].fields, 1 if self.shape.watermark is None else 2
        places = [
            (field, fields[field].kind, column.is_number, first + index)
            for index, (field, column) in enumerate(self.shape.columns.items())
        ]

        def read(row: Sequence[str | None]) -> dict:
            values = ((field, read_value(row[index], kind, is_number)) for field, kind, is_number, index in places)
            return {field: value for field, value in values if value is not None}

        return read

    def _dating(self) -> Callable[[Sequence[str | None]], str | None]:
        if self.shape.watermark is None:
            return lambda _: None
        clock = self.zone.clock()

        def changed_at(row: Sequence[str | None]) -> str | None:
            changed_ms = None if row[1] is None else instant_of(row[1], clock)
            return None if changed_ms is None else iso_time(min(changed_ms, self.now_ms))

        return changed_at


def selected(shape: TableShape) -> list[Column]:
    """What is selected of a row: the key, the watermark if there is one, then the fields."""
    return [shape.key, *([shape.watermark] if shape.watermark else []), *shape.columns.values()]


def key_lines(table: str, rows: Iterable[Sequence[str | None]]) -> Iterator[tuple[str, str]]:
    """The keys alone."""
    member = ENTITIES[table].key
    for row in rows:
        key = read_key(row[0])
        if key is not None:
            yield "keys", to_json({member: key})


def to_json(value: object) -> str:
    """A value as one line."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
