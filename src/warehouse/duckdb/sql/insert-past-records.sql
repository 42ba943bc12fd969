-- Grain: one row an order record that does not count, or from now on no longer does.
INSERT INTO past_record
SELECT a.order_key, a.source, a.order_id, a.revision, a.status, r.outcome, a.accepted_at, a.segment
FROM arrived a
JOIN ruled r ON r.position = a.rowid AND r.outcome <> 'loaded'
UNION ALL
SELECT h.order_key, h.source, h.order_id, h.revision, h.status, 'replaced', h.accepted_at, h.segment
FROM order_head h
WHERE (h.source, h.order_id) IN (
  SELECT (a.source, a.order_id) FROM arrived a
  JOIN ruled r ON r.position = a.rowid AND r.outcome = 'loaded' AND r.replaces IS NOT NULL
)
