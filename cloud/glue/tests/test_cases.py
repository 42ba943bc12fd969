"""The cases of cases.json, which hold for the source of one machine as well (cloud/test/glue-cases.test.ts)."""

import json
from pathlib import Path

import pytest
from curate.entities import ENTITIES
from curate.states import state_code
from curate.values import read_value
from curate.zips import plain_zip
from curate.zone_clock import earliest_local, instant_of, iso_ms, iso_time, zone_clock

CASES = json.loads((Path(__file__).parent / "cases.json").read_text("utf-8"))
ZONES = {"79901": ("TX", "America/Denver"), "10001": ("NY", "America/New_York"), "90012": ("CA", None)}


@pytest.mark.parametrize("case", CASES["values"], ids=str)
def test_values(case):
    assert read_value(case["written"], case["kind"], case["is_number"]) == case["value"]


@pytest.mark.parametrize("case", CASES["zips"], ids=str)
def test_zips(case):
    assert plain_zip(case["written"]) == case["zip"]


@pytest.mark.parametrize("case", CASES["states"], ids=str)
def test_states(case):
    assert state_code(case["written"]) == case["code"]


@pytest.mark.parametrize("case", CASES["instants"], ids=str)
def test_instants(case):
    instant = instant_of(case["local"], zone_clock(case["zone"]))
    assert (None if instant is None else iso_time(instant)) == case["instant"]


@pytest.mark.parametrize("case", CASES["earliest"], ids=str)
def test_earliest_local_times(case):
    assert earliest_local(iso_ms(case["instant"]), zone_clock(case["zone"])) == case["local"]


@pytest.mark.parametrize(("table", "case"), [(table, case) for table, cases in CASES["rows"].items() for case in cases])
def test_rows(table, case):
    made = ENTITIES[table].normalise(dict(case["row"]), ZONES)
    if "faults" in case:
        assert made == case["faults"]
    else:
        assert made == case["record"]


def test_years_that_no_clock_shows():
    clock = zone_clock("America/New_York")
    assert instant_of("9999-12-31 23:59:59", clock) > iso_ms("9999-12-31T23:59:59+00:00")
    assert instant_of("0001-01-01 00:00:00", clock) is not None
