"""The text of statements."""

from curate.statements import changed_since, in_parts, keys_at, select, text_literal
from curate.table_shape import Column, TableShape
from curate.zone_clock import fixed_clock, iso_ms

KEY = Column("id`s", "varchar")
SHAPE = TableShape("a`b", KEY, {"customer_id": KEY}, None, "")
AT = iso_ms("2026-07-01T12:00:00+00:00")


def test_names_and_texts_cannot_end_what_they_stand_in():
    assert select(SHAPE, [KEY]) == "SELECT CAST(`id``s` AS CHAR CHARACTER SET utf8mb4) AS c0 FROM `a``b`"
    assert text_literal("'; DROP TABLE x; -- \\") == "_utf8mb4 X'273b2044524f50205441424c4520783b202d2d205c'"
    assert text_literal("") == "''"


def test_every_key_falls_into_one_part():
    assert in_parts(Column("id", "int"), []) == [None]
    assert in_parts(Column("id", "int"), ["10", "20"]) == [
        "(`id` < 10 OR `id` IS NULL)",
        "`id` >= 10 AND `id` < 20",
        "`id` >= 20",
    ]
    assert in_parts(Column("id", "varchar"), ["é"]) == [
        "(`id` < _utf8mb4 X'c3a9' OR `id` IS NULL)",
        "`id` >= _utf8mb4 X'c3a9'",
    ]
    assert keys_at(SHAPE, [7]).endswith("FROM `a``b` ORDER BY `id``s` LIMIT 1 OFFSET 7)")


def test_rows_without_a_time_may_always_have_changed():
    assert changed_since(Column("at", "timestamp"), AT, fixed_clock(-300)) == (
        "`at` >= '2026-07-01 12:00:00' OR `at` < '1970-01-02 00:00:00' OR `at` IS NULL"
    )
    # Minutes alone know no summer time: an hour more is read.
    assert changed_since(Column("at", "datetime"), AT, fixed_clock(-300)).startswith("`at` >= '2026-07-01 06:00:00'")
    assert changed_since(Column("at", "date"), AT, fixed_clock(0)).startswith("`at` >= '2026-07-01'")
