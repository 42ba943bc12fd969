-- Grain: one row a segment file and side that the ledger disagrees with: a file that was read, or the tables.
-- Where a file and the tables disagree, the records themselves are looked at, and the tables are not counted here.
SELECT l.segment, f.place AS side, l.records, l.loaded, l.duplicates, l.superseded, l.quarantined, l.dropped,
  f.records AS found_records, CAST(NULL AS BIGINT) AS found_loaded, CAST(NULL AS BIGINT) AS found_duplicates, CAST(NULL AS BIGINT) AS found_superseded,
  f.rejects AS found_quarantined, f.drops AS found_dropped
FROM held_ledger l
JOIN found_segment f ON f.segment = l.segment
WHERE l.records <> f.records OR l.quarantined <> f.rejects OR l.dropped <> f.drops
UNION ALL
SELECT l.segment, 'tables', l.records, l.loaded, l.duplicates, l.superseded, l.quarantined, l.dropped,
  NULL, CAST(COALESCE(h.loaded, 0) AS BIGINT), CAST(COALESCE(h.duplicates, 0) AS BIGINT), CAST(COALESCE(h.superseded, 0) AS BIGINT), NULL, NULL
FROM held_ledger l
LEFT JOIN held_segment h ON h.segment = l.segment
LEFT JOIN found_best f ON f.segment = l.segment
WHERE NOT l.before_books
  AND (f.segment IS NULL OR f.order_print = COALESCE(h.order_print, 0))
  AND (l.loaded <> COALESCE(h.loaded, 0) OR l.duplicates <> COALESCE(h.duplicates, 0) OR l.superseded <> COALESCE(h.superseded, 0))
ORDER BY 1, 2
