DELETE FROM order_head
WHERE (source, order_id) IN (
  SELECT (a.source, a.order_id) FROM arrived a
  JOIN ruled r ON r.position = a.rowid AND r.outcome = 'loaded' AND r.replaces IS NOT NULL
)
