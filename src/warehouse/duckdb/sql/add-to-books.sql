-- Grain: one row a day of acceptance and source. Those that are new are there already, with zeros.
UPDATE book SET
  received = book.received + e.received, loaded = book.loaded + e.loaded, duplicates = book.duplicates + e.duplicates,
  superseded = book.superseded + e.superseded, quarantined = book.quarantined + e.quarantined
FROM (
  SELECT unnest(from_json($books, '[{"day": "DATE", "source": "VARCHAR", "received": "BIGINT", "loaded": "BIGINT",
    "duplicates": "BIGINT", "superseded": "BIGINT", "quarantined": "BIGINT"}]'), recursive := true)
) e
WHERE book.day = e.day AND book.source = e.source
