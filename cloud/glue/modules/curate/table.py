"""Reads one table: what it looks like, and its rows as lines of the curated files."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Any

from pyspark.sql import DataFrame

from curate.convert import Conversion, ZoneRule, key_lines, selected
from curate.database import Database
from curate.failures import SourceError
from curate.mapping import section_of
from curate.statements import (
    VISIBLE_TABLES,
    changed_since,
    columns_of,
    count_of,
    in_parts,
    keys_at,
    select,
    unique_indexes_of,
)
from curate.table_shape import Column, TableShape, basis_of, find_shape, refuse_lost_columns
from curate.zips import ZipZones
from curate.zone_clock import iso_ms

_OVERLAP_MINUTES = 10
# Below, one connection is as fast as several.
_PART_ROWS_MIN = 20_000
_PART_KEYS = ("char", "varchar")


@dataclass(frozen=True)
class Clock:
    """The server's clock when the run began, how far it is ahead of the one here, and the zone of the server."""

    now_ms: int
    skew_ms: int
    zone: ZoneRule


class TableReader:
    """
    Finds the columns of a table and reads its rows.

    Raises SourceError of kind `shape` when it is not as the mapping says.
    """

    def __init__(
        self,
        database: Database,
        mapping: Mapping[str, Any],
        table: str,
        clock: Clock,
        zones: ZipZones,
        partitions: int,
    ) -> None:
        self._database = database
        self._mapping = mapping
        self._table = table
        self._section = section_of(mapping, table) or {}
        self._partitions = partitions
        self._shape = self._find_shape()
        self.basis = basis_of(self._shape, mapping.get("zone"))
        self._conversion = Conversion(table, self._shape, self._zone(clock), clock.now_ms, zones)

    def must_be_whole(self, since: Mapping[str, str] | None) -> bool:
        """
        Whether what changed since the last read cannot be told.

        Raises SourceError of kind `shape` when a column that was read before is gone.
        """
        refuse_lost_columns(self._table, self._shape, self._section, since["basis"] if since else None)
        return since is None or since["basis"] != self.basis or self._shape.watermark is None

    def lines(self) -> DataFrame:
        """All rows, in parts that are read at the same time."""
        columns = selected(self._shape)
        frames = [self._database.frame(select(self._shape, columns, part)) for part in self._parts()]
        return as_lines(reduce(DataFrame.union, frames), self._conversion.lines)

    def changed_lines(self, since: Mapping[str, str]) -> DataFrame:
        """The rows that may have changed since an instant, less the overlap; without keys."""
        watermark = self._shape.watermark
        if watermark is None:
            raise ValueError(f"{self._table} has no watermark")
        overlap_ms = self._mapping.get("overlap_minutes", _OVERLAP_MINUTES) * 60_000
        changed = changed_since(watermark, iso_ms(since["through"]) - overlap_ms, self._conversion.zone.clock())
        frame = self._database.frame(select(self._shape, selected(self._shape), changed))
        return as_lines(frame, self._conversion.lines).where("kind <> 'keys'")

    def key_lines(self) -> DataFrame:
        """The keys of all rows."""
        table, frame = self._table, self._database.frame(select(self._shape, [self._shape.key]))
        return as_lines(frame, lambda rows: key_lines(table, rows))

    def _parts(self) -> list[str | None]:
        key = self._shape.key
        if self._partitions < 2 or not (key.type in _PART_KEYS or key.type.endswith("int")):
            return [None]
        if not self._database.rows(unique_indexes_of(self._shape)):
            return [None]
        total = int(self._database.rows(count_of(self._shape))[0]["total"])
        parts = min(self._partitions, total // _PART_ROWS_MIN)
        if parts < 2:
            return [None]
        rows = self._database.rows(keys_at(self._shape, [total * part // parts for part in range(1, parts)]))
        return in_parts(key, [row["boundary"] for row in sorted(rows, key=lambda row: row["ordinal"])])

    def _find_shape(self) -> TableShape:
        wanted = self._section.get("table", self._table)
        rows = self._database.rows(columns_of(wanted))
        names = [row["table_name"] for row in rows]
        if not names:
            raise self._no_table(wanted)
        name = wanted if wanted in names else names[0]
        mine = sorted((row for row in rows if row["table_name"] == name), key=lambda row: int(row["ordinal"]))
        columns = [Column(row["column_name"], row["data_type"]) for row in mine]
        return find_shape(self._table, self._section, name, columns)

    def _no_table(self, wanted: str) -> SourceError:
        visible = ", ".join(row["table_name"] for row in self._database.rows(VISIBLE_TABLES)) or "none"
        reason = f"There is no table or view `{wanted}` for {self._table} that this account may read."
        cure = f"Name the right one with `{self._table}: {{ table: … }}`, or say `{self._table}: false`."
        return SourceError("shape", f"{reason} It may read: {visible}. {cure}")

    def _zone(self, clock: Clock) -> ZoneRule:
        # The session is in UTC, and so is every TIMESTAMP that it sees.
        if self._shape.watermark is None or self._shape.watermark.type == "timestamp":
            return ZoneRule(None)
        zone = self._mapping.get("zone")
        return clock.zone if zone is None else ZoneRule(zone)


def as_lines(frame: DataFrame, convert: Callable[[Iterable], Iterator[tuple[str, str]]]) -> DataFrame:
    """Rows as `kind` and `line`, converted where they are read."""
    return frame.sparkSession.createDataFrame(frame.rdd.mapPartitions(convert), "kind string, line string")
