-- Grain: one row a segment file.
INSERT INTO load_ledger
SELECT
  e.segment, e.records, e.loaded, e.duplicates, e.superseded, e.quarantined, e.replaced,
  make_timestamp_ms(e."firstAcceptedAtMs"), make_timestamp_ms(e."lastAcceptedAtMs"), CAST($loaded_at AS TIMESTAMP), e.dropped, make_timestamp_ms(e."sealedAtMs"),
  CAST($visible_at AS TIMESTAMP)
FROM (
  SELECT unnest(from_json($entries, '[{"segment": "BIGINT", "records": "INTEGER", "loaded": "INTEGER",
    "duplicates": "INTEGER", "superseded": "INTEGER", "quarantined": "INTEGER", "dropped": "INTEGER", "replaced": "INTEGER", "sealedAtMs": "BIGINT",
    "firstAcceptedAtMs": "BIGINT", "lastAcceptedAtMs": "BIGINT"}]'), recursive := true)
) e
