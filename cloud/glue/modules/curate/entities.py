"""The tables of reference data, and what is read for each: the same as src/sources/mysql/entities.ts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from curate.checks import Fault, Row
from curate.customers import normalise_customer
from curate.menu_items import normalise_menu_item
from curate.stores import normalise_store
from curate.zips import ZipZones


@dataclass(frozen=True)
class Field:
    """How the value of a column is read. Without an expected column, the table is not read at all."""

    kind: str = "text"
    is_expected: bool = False


@dataclass(frozen=True)
class Entity:
    """The fields of a table, the key first, and what makes records of its rows."""

    key: str
    fields: Mapping[str, Field]
    normalise: Callable[[Row, ZipZones], Row | list[Fault]]


_EXPECTED = Field(is_expected=True)

ENTITIES: Mapping[str, Entity] = {
    "stores": Entity(
        "store_id",
        {
            "store_id": _EXPECTED,
            "name": Field(),
            "state": _EXPECTED,
            "city": Field(),
            "zip": Field("zip"),
            "time_zone": Field(),
            "latitude": Field("number"),
            "longitude": Field("number"),
            "closeout_hour": Field("number"),
        },
        normalise_store,
    ),
    "customers": Entity(
        "customer_id",
        {"customer_id": _EXPECTED, "state": _EXPECTED, "city": Field(), "zip": Field("zip")},
        lambda row, _: normalise_customer(row),
    ),
    "menu_items": Entity(
        "menu_item_id",
        {
            "menu_item_id": _EXPECTED,
            "menu_item": _EXPECTED,
            "kind": Field(),
            "size": Field(),
            "unit_cost_cents": Field("number"),
            "unit_cost": Field("dollars"),
        },
        lambda row, _: normalise_menu_item(row),
    ),
}
