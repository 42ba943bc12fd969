-- Grain: one row a record of the segment files at hand, in the order they were accepted.
-- Sources: the segment files. DuckDB parses them natively and in parallel; JavaScript sees no record.
-- The seal, a line without a record, is left out. `rowid` is the record's place.
CREATE OR REPLACE TEMP TABLE arrived AS
SELECT r.*, CAST(regexp_extract(filename, '(\d{12})\.ndjson$', 1) AS BIGINT) AS segment
FROM read_json(
  $paths,
  format = 'newline_delimited',
  filename = true,
  columns = {
    c: 'VARCHAR',
    r: 'STRUCT(
      "type" VARCHAR, order_key BIGINT, source VARCHAR, order_id VARCHAR, revision INTEGER, status VARCHAR,
      ordered_at TIMESTAMP, utc_offset_minutes SMALLINT, store_id VARCHAR, customer_id VARCHAR, channel VARCHAR,
      deliver_state VARCHAR, deliver_city VARCHAR, deliver_zip VARCHAR, promised_at TIMESTAMP, completed_at TIMESTAMP,
      accepted_at TIMESTAMP,
      lines STRUCT(line SMALLINT, kind VARCHAR, menu_item VARCHAR, size VARCHAR, combination VARCHAR, quantity INTEGER,
        gross_cents BIGINT, discount_cents BIGINT, net_cents BIGINT)[],
      quarantine_id VARCHAR, code VARCHAR, reason VARCHAR, origin VARCHAR, bytes VARCHAR)'
  }
)
WHERE r IS NOT NULL
