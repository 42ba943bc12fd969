"""What a mapping may say."""

import json

import pytest
from curate.failures import SourceError
from curate.mapping import read_mapping, section_of

CONNECTION = {"host": "db.example.com", "user": "reader", "database": "shop"}


def mistakes_of(mapping, known=CONNECTION):
    with pytest.raises(SourceError) as caught:
        read_mapping(mapping if isinstance(mapping, str) else json.dumps(mapping), known)
    assert caught.value.kind == "mapping"
    return str(caught.value)


def test_nothing_is_needed_but_the_connection():
    mapping = read_mapping("{}", CONNECTION)
    assert mapping == {"connection": CONNECTION}
    assert [section_of(mapping, table) for table in ("stores", "customers", "menu_items")] == [{}, {}, None]


def test_the_mapping_counts_before_the_secret():
    mapping = read_mapping('{"connection": {"database": "chain", "port": 3307}}', CONNECTION)
    assert mapping["connection"] == {**CONNECTION, "database": "chain", "port": 3307}


def test_tables_are_left_out_or_named():
    mapping = read_mapping('{"stores": false, "menu_items": {"table": "menu"}}', CONNECTION)
    assert section_of(mapping, "stores") is None
    assert section_of(mapping, "menu_items") == {"table": "menu"}


def test_every_mistake_is_named_at_once():
    mapping = {
        "connection": {"ssl": "maybe", "port": "many", "paswd": "x"},
        "overlap_minutes": 0,
        "stores": True,
        "customers": {"where": "1 = 1", "watermark": 7, "columns": {"states": "region", "state": False}},
        "colour": "red",
    }
    assert mistakes_of(mapping, {}).split("\n") == [
        "The mapping has 13 mistakes:",
        "  colour: is not a member here; there are connection, zone, overlap_minutes, stores, customers, menu_items.",
        "  connection.paswd: is not a member here; there are host, port, user, database, ssl, ca.",
        "  connection.host: is missing.",
        "  connection.user: is missing.",
        "  connection.database: is missing.",
        "  connection.port: must be a whole number.",
        "  connection.ssl: must be one of on, off.",
        "  overlap_minutes: must be a whole number from 1 to 10080.",
        "  stores: must be a table of `member: value` or false.",
        "  customers.where: is not a member here; there are table, watermark, columns.",
        "  customers.watermark: must be a text or false.",
        "  customers.columns.states: is not a member here; there are customer_id, state, city, zip.",
        "  customers.columns.state: is needed; `customers: false` leaves all of them out.",
    ]


@pytest.mark.parametrize(
    "mapping",
    [
        {"connection": {"password": "hunter2"}},
        {"password": "hunter2"},
        {"customers": {"token": "hunter2"}},
        {"connection": "hunter2"},
        '{"connection": {"password": "hunter2"',
        '"hunter2"',
        {"zone": "hunter2"},
    ],
)
def test_a_password_is_never_repeated(mapping):
    assert "hunter2" not in mistakes_of(mapping)
