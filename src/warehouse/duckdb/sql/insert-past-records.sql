-- Grain: one row an order record that does not count, or from now on no longer does.
INSERT INTO past_record
SELECT
  a.order_key, a.source, a.order_id, a.revision, a.status,
  CASE WHEN r.outcome IN ('loaded', 'replacing') THEN 'replaced' ELSE r.outcome END, a.accepted_at, a.segment
FROM arrived a
JOIN ruled r ON r.position = a.rowid AND NOT r.stays
UNION ALL
SELECT h.order_key, h.source, h.order_id, h.revision, h.status, 'replaced', h.accepted_at, h.segment
FROM order_head h
WHERE h.order_key IN (SELECT replaces FROM ruled WHERE stays AND replaces IS NOT NULL)
  AND (h.source, h.order_id) IN (
    SELECT (a.source, a.order_id) FROM arrived a
    JOIN ruled r ON r.position = a.rowid AND r.stays AND r.replaces IS NOT NULL
  )
