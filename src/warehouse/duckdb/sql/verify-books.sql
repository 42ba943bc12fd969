-- Grain: one row a day of acceptance and source: its book, what tables and files say of it, and what was in flight.
-- What files were read is told by found_best, so that a record in a segment file and in the archive counts once.
WITH files AS (
  SELECT b.day, b.source,
    SUM(CASE WHEN l.segment IS NOT NULL AND NOT l.before_books THEN b.received ELSE 0 END) AS received,
    SUM(CASE WHEN l.segment IS NOT NULL AND NOT l.before_books THEN b.rejects ELSE 0 END) AS rejects,
    SUM(CASE WHEN l.segment IS NULL THEN b.received ELSE 0 END) AS in_flight
  FROM found_book b
  JOIN found_best f ON f.segment = b.segment AND f.place = b.place
  LEFT JOIN held_ledger l ON l.segment = b.segment
  GROUP BY ALL
)
SELECT
  CAST(COALESCE(h.day, f.day) AS VARCHAR) AS day, COALESCE(h.source, f.source) AS source, COALESCE(h.books, 0) AS books,
  COALESCE(h.received, 0) AS received, COALESCE(h.loaded, 0) AS loaded, COALESCE(h.duplicates, 0) AS duplicates,
  COALESCE(h.superseded, 0) AS superseded, COALESCE(h.quarantined, 0) AS quarantined,
  COALESCE(h.held_loaded, 0) AS right_loaded, COALESCE(h.held_duplicates, 0) AS right_duplicates,
  COALESCE(h.held_superseded, 0) AS right_superseded,
  CAST(COALESCE(h.early_received, 0) + COALESCE(f.received, 0) AS BIGINT) AS right_received,
  CAST(COALESCE(h.early_quarantined, 0) + COALESCE(f.rejects, 0) AS BIGINT) AS right_quarantined,
  CAST(COALESCE(f.in_flight, 0) AS BIGINT) AS in_flight
FROM held_book h
FULL JOIN files f ON f.day = h.day AND f.source = h.source
ORDER BY 1 DESC, 2
