"""One run of the job: each table as a folder of curated files, wholly or not at all."""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pyspark.sql import SparkSession

from curate.convert import ZoneRule, to_json
from curate.database import Database
from curate.entities import ENTITIES
from curate.failures import SourceError, explain
from curate.mapping import section_of
from curate.statements import CLOCK
from curate.storage import Storage
from curate.table import Clock, TableReader
from curate.writer import Writer
from curate.zips import ZipZones
from curate.zone_clock import iso_ms, iso_time, zone_name

# Says how far the tables have been taken over by the warehouse. Whoever takes them over writes it.
APPLIED = "_applied.json"
# Says which tables the mapping has; what is left out of it is not waited for.
TABLES = "_tables.json"
# Written last: without one of them, a run is not over.
MANIFEST = "_manifest.json"
FAILED = "_failed.json"


@dataclass(frozen=True)
class Run:
    """What a run works with. `output` is a folder with a slash at its end."""

    spark: SparkSession
    database: Database
    mapping: Mapping[str, Any]
    output: str
    run_id: str
    zip_codes: str
    partitions: int
    is_whole: bool


def new_run_id(suffix: str) -> str:
    """Names a run so that the names of runs stand in the order of their times."""
    return f"{datetime.now(UTC).strftime('%Y%m%dT%H%M%S%f')[:-3]}Z-{suffix[-12:]}"


def curate(run: Run) -> list[dict[str, Any]]:
    """
    Reads the tables of the mapping, one after the other. One that fails does not keep the others from being tried,
    unless the server is out of reach. What became of each, for the log.
    """
    outcomes: list[dict[str, Any]] = []
    out_of_reach: SourceError | None = None
    tables = [table for table in ENTITIES if section_of(run.mapping, table) is not None]
    Storage(run.spark).write(run.output + TABLES, to_json({"tables": tables}) + "\n")
    for table in tables:
        started = time.monotonic()
        try:
            if out_of_reach:
                raise out_of_reach
            manifest = _curate_table(run, table)
            outcome = {"outcome": "curated", "is_whole": manifest["is_whole"], "rows": manifest["rows"]}
        except Exception as error:  # Whatever it is, the next table may be well.
            failure = explain(error, run.database.place)
            out_of_reach = failure if failure.kind in ("unavailable", "refused") else None
            _write(run, table, FAILED, _failure(table, run, failure))
            outcome = {"outcome": "failed", "kind": failure.kind, "message": str(failure)}
        seconds = round(time.monotonic() - started, 1)
        outcomes.append({"table": table, "run_id": run.run_id, **outcome, "seconds": seconds})
    return outcomes


def _curate_table(run: Run, table: str) -> dict[str, Any]:
    storage, since = Storage(run.spark), _applied(run, table)
    clock = _read_clock(run.database)
    zones = _zip_zones(run) if table == "stores" else {}
    reader = TableReader(run.database, run.mapping, table, clock, zones, run.partitions)
    # The menu is small, and taken over as a whole.
    is_whole = reader.must_be_whole(since) or run.is_whole or table == "menu_items"
    writer = Writer(run.spark, storage, f"{run.output}{table}/{run.run_id}/")
    if is_whole:
        writer.add(reader.lines())
    else:
        # Records first: a row that comes meanwhile must not have a record without being among the keys.
        writer.add(reader.changed_lines(since))
        writer.add(reader.key_lines())
    files = writer.files()
    manifest = {
        "version": 1,
        "table": table,
        "run_id": run.run_id,
        "source": run.database.place,
        "since": None if is_whole else since,
        "watermark": {"through": iso_time(clock.now_ms), "basis": reader.basis},
        "is_whole": is_whole,
        "clock_skew_ms": clock.skew_ms,
        "rows": {kind: sum(file["rows"] for file in found) for kind, found in files.items()},
        "files": files,
        "finished_at": iso_time(time.time_ns() // 1_000_000),
    }
    _write(run, table, MANIFEST, manifest)
    return manifest


def _failure(table: str, run: Run, failure: SourceError) -> dict[str, Any]:
    return {
        "version": 1,
        "table": table,
        "run_id": run.run_id,
        "kind": failure.kind,
        "summary": failure.summary,
        "faults": failure.faults,
        "failed_at": iso_time(time.time_ns() // 1_000_000),
    }


def _write(run: Run, table: str, name: str, value: dict[str, Any]) -> None:
    Storage(run.spark).write(f"{run.output}{table}/{run.run_id}/{name}", to_json(value) + "\n")


def _applied(run: Run, table: str) -> dict[str, str] | None:
    """How far a table has been taken over. A file that is missing or damaged says nothing: everything is read."""
    try:
        since = json.loads(Storage(run.spark).read(run.output + APPLIED) or "{}")["tables"][table]
        iso_ms(since["through"])
        return {"through": since["through"], "basis": since["basis"]}
    except (ValueError, KeyError, TypeError):
        return None


def _read_clock(database: Database) -> Clock:
    # The first answer waits for Spark to get going, and would count as a clock that runs ahead.
    frame = database.frame(CLOCK)
    frame.collect()
    asked_ms = time.time_ns() // 1_000_000
    [row] = frame.collect()
    answered_ms = time.time_ns() // 1_000_000
    now_ms = iso_ms(row["utc"].replace(" ", "T")[:23] + "+00:00")
    name = row["host_zone"] if row["zone"] == "SYSTEM" else row["zone"]
    # Servers name their zone as IANA does, as an offset, or by letters such as EST, which say nothing about summer.
    known = zone_name(name) if "/" in name or name == "UTC" else None
    zone = ZoneRule(known) if known else ZoneRule(None, round(int(row["ahead"] or 0) / 60))
    return Clock(now_ms, round(now_ms - (asked_ms + answered_ms) / 2), zone)


def _zip_zones(run: Run) -> ZipZones:
    rows = run.spark.read.schema("zip string, state string, time_zone string").json(run.zip_codes).collect()
    return {row["zip"]: (row["state"], row["time_zone"]) for row in rows}
