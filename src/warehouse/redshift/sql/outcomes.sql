-- Grain: one row a record that arrived, with what became of it: what ledger and books count.
CREATE TEMP TABLE outcome AS
SELECT
  a.segment, a.accepted_at, COALESCE(a.source, '') AS source,
  CASE a.type WHEN 'reject' THEN 'quarantined' WHEN 'drop' THEN 'dropped' ELSE r.outcome END AS outcome
FROM arrived a
LEFT JOIN ruled r ON r.position = a.position
