-- Grain: one row a record of the segment files at hand, in the order they were accepted.
-- Sources: the segment files. DuckDB parses them natively and in parallel; JavaScript sees no record.
-- The seal, a line without a record, is left out. `rowid` is the record's place.
CREATE OR REPLACE TEMP TABLE arrived AS
SELECT
  r.* EXCLUDE (lines, ordered_at_ms, promised_at_ms, completed_at_ms, accepted_at_ms),
  r.lines.kind, r.lines.menu_item, r.lines.size, r.lines.combination, r.lines.quantity, r.lines.gross_cents,
  r.lines.discount_cents,
  make_timestamp_ms(r.ordered_at_ms) AS ordered_at,
  make_timestamp_ms(r.promised_at_ms) AS promised_at,
  make_timestamp_ms(r.completed_at_ms) AS completed_at,
  make_timestamp_ms(r.accepted_at_ms) AS accepted_at,
  CAST(regexp_extract(filename, '(\d{12})\.ndjson$', 1) AS BIGINT) AS segment
FROM read_json(
  $paths,
  format = 'newline_delimited',
  filename = true,
  columns = {
    c: 'VARCHAR',
    r: 'STRUCT(
      "type" VARCHAR, order_key BIGINT, source VARCHAR, order_id VARCHAR, revision INTEGER, status VARCHAR,
      ordered_at_ms BIGINT, utc_offset_minutes SMALLINT, store_id VARCHAR, customer_id VARCHAR, channel VARCHAR,
      deliver_state VARCHAR, deliver_city VARCHAR, deliver_zip VARCHAR, promised_at_ms BIGINT, completed_at_ms BIGINT,
      accepted_at_ms BIGINT,
      lines STRUCT(kind VARCHAR[], menu_item VARCHAR[], size VARCHAR[], combination VARCHAR[], quantity INTEGER[],
        gross_cents BIGINT[], discount_cents BIGINT[]),
      replays VARCHAR, quarantine_id VARCHAR, code VARCHAR, reason VARCHAR, origin VARCHAR, bytes VARCHAR)'
  }
)
WHERE r IS NOT NULL
