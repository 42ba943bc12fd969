"""The SELECTs that the job sends. Every column comes as text, so that no driver gives it another meaning."""

from curate.table_shape import Column, TableShape
from curate.zone_clock import ZoneClock, earliest_local, sql_time

# Rows with a time before this have none: NULL, zero dates and what was typed in by mistake.
_NO_TIME_BEFORE = "'1970-01-02 00:00:00'"

CLOCK = """SELECT CAST(UTC_TIMESTAMP(6) AS CHAR) AS utc, @@global.time_zone AS zone, @@system_time_zone AS host_zone,
  CAST(TIMESTAMPDIFF(SECOND, UTC_TIMESTAMP(), CONVERT_TZ(UTC_TIMESTAMP(), '+00:00', @@global.time_zone)) AS CHAR) AS ahead"""

VISIBLE_TABLES = """SELECT DISTINCT TABLE_NAME AS table_name FROM information_schema.TABLES
  WHERE TABLE_SCHEMA = DATABASE() ORDER BY 1 LIMIT 50"""


def columns_of(table: str) -> str:
    """The columns of the tables that may be meant: on most servers the names of tables differ by case."""
    return f"""SELECT TABLE_NAME AS table_name, COLUMN_NAME AS column_name, LOWER(DATA_TYPE) AS data_type,
  CAST(ORDINAL_POSITION AS CHAR) AS ordinal
  FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = {text_literal(table)}"""


def unique_indexes_of(shape: TableShape) -> str:
    """The indexes that say that the key alone is unique and never NULL; views have none."""
    return f"""SELECT INDEX_NAME AS index_name FROM information_schema.STATISTICS
  WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = {text_literal(shape.table)} AND NON_UNIQUE = 0
  GROUP BY INDEX_NAME
  HAVING COUNT(*) = 1 AND MAX(COLUMN_NAME) = {text_literal(shape.key.name)} AND MAX(NULLABLE) <> 'YES'
    AND MAX(SUB_PART) IS NULL"""


def count_of(shape: TableShape) -> str:
    """How many rows there are."""
    return f"SELECT CAST(COUNT(*) AS CHAR) AS total FROM {_quote(shape.table)}"


def keys_at(shape: TableShape, positions: list[int]) -> str:
    """The keys that stand at positions in the order of the keys, to read a table in parts."""
    key, table = _quote(shape.key.name), _quote(shape.table)
    parts = (
        f"(SELECT {position} AS ordinal, {_as_text(shape.key)} AS boundary FROM {table} ORDER BY {key} LIMIT 1 OFFSET {position})"
        for position in positions
    )
    return " UNION ALL ".join(parts)


def in_parts(key: Column, boundaries: list[str]) -> list[str | None]:
    """Conditions that every row meets exactly one of, by keys compared as their column compares them."""
    if not boundaries:
        return [None]
    name = _quote(key.name)
    marks = [boundary if key.is_number else text_literal(boundary) for boundary in boundaries]
    first, last = f"({name} < {marks[0]} OR {name} IS NULL)", f"{name} >= {marks[-1]}"
    between = [f"{name} >= {low} AND {name} < {high}" for low, high in zip(marks, marks[1:])]
    return [first, *between, last]


def select(shape: TableShape, columns: list[Column], *conditions: str | None) -> str:
    """The columns of a table as c0, c1 and so on."""
    names = ", ".join(f"{_as_text(column)} AS c{index}" for index, column in enumerate(columns))
    where = " AND ".join(f"({condition})" for condition in conditions if condition)
    return f"SELECT {names} FROM {_quote(shape.table)}{f' WHERE {where}' if where else ''}"


def changed_since(watermark: Column, since_ms: int, zone: ZoneClock) -> str:
    """The condition on rows that may have changed since an instant: rows without a time always may."""
    name = _quote(watermark.name)
    time = sql_time(since_ms) if watermark.type == "timestamp" else earliest_local(since_ms, zone)
    # A date is midnight when it is compared with a time.
    value = time[:10] if watermark.type == "date" else time
    return f"{name} >= '{value}' OR {name} < {_NO_TIME_BEFORE} OR {name} IS NULL"


def text_literal(text: str) -> str:
    """A text as a literal, whatever is in it: no quote and no backslash can end it."""
    return f"_utf8mb4 X'{text.encode('utf-8').hex()}'" if text else "''"


def _as_text(column: Column) -> str:
    name = _quote(column.name)
    if column.is_number:
        # Without the zeros of ZEROFILL, and a FLOAT with the digits that it really has.
        name = f"{name} + 0e0" if column.type == "float" else f"{name} + 0" if column.type != "double" else name
    return f"CAST({name} AS CHAR CHARACTER SET utf8mb4)"


def _quote(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"
