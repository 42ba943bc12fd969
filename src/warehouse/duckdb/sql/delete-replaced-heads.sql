DELETE FROM order_head
WHERE order_key IN (SELECT replaces FROM ruled WHERE stays AND replaces IS NOT NULL)
  AND (source, order_id) IN (
    SELECT (a.source, a.order_id) FROM arrived a
    JOIN ruled r ON r.position = a.rowid AND r.stays AND r.replaces IS NOT NULL
  )
