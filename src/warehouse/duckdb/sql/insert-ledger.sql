-- Grain: one row a segment file.
INSERT INTO load_ledger
SELECT
  a.segment,
  COUNT(*),
  COUNT(*) FILTER (r.outcome = 'loaded'),
  COUNT(*) FILTER (r.outcome = 'duplicate'),
  COUNT(*) FILTER (r.outcome = 'superseded'),
  COUNT(*) FILTER (a.type = 'reject'),
  COUNT(*) FILTER (r.outcome = 'loaded' AND r.replaces IS NOT NULL),
  MIN(a.accepted_at),
  MAX(a.accepted_at),
  CAST($loaded_at AS TIMESTAMP)
FROM arrived a
LEFT JOIN ruled r ON r.position = a.rowid
GROUP BY a.segment
RETURNING segment, records, loaded, duplicates, superseded, quarantined, replaced
