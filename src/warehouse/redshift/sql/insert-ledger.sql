-- Grain: one row an object, empty ones too. The last statement of a load: its time is that of becoming visible,
-- rounded up, because GETDATE has whole seconds.
INSERT INTO load_ledger
SELECT
  s.segment, s.records,
  COALESCE(SUM(CASE WHEN o.outcome IN ('loaded', 'replacing') THEN 1 ELSE 0 END), 0),
  COALESCE(SUM(CASE WHEN o.outcome = 'duplicate' THEN 1 ELSE 0 END), 0),
  COALESCE(SUM(CASE WHEN o.outcome = 'superseded' THEN 1 ELSE 0 END), 0),
  COALESCE(SUM(CASE WHEN o.outcome = 'quarantined' THEN 1 ELSE 0 END), 0),
  COALESCE(SUM(CASE WHEN o.outcome = 'replacing' THEN 1 ELSE 0 END), 0),
  MIN(o.accepted_at), MAX(o.accepted_at), CAST($loaded_at AS TIMESTAMP),
  COALESCE(SUM(CASE WHEN o.outcome = 'dropped' THEN 1 ELSE 0 END), 0),
  s.sealed_at, GETDATE() + INTERVAL '1 second', $load_id
FROM arrived_segment s
LEFT JOIN outcome o ON o.segment = s.segment
GROUP BY s.segment, s.records, s.sealed_at
