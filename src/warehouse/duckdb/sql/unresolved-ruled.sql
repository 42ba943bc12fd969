-- Grain: one row an order that this load brings in: what resolving looks at.
SELECT
  a.rowid AS position, a.order_key, a.ordered_at, a.utc_offset_minutes, a.store_id, a.customer_id,
  a.deliver_state, a.deliver_city, a.deliver_zip
FROM arrived a
LEFT JOIN ruled r ON r.position = a.rowid
WHERE a.type = 'order' AND COALESCE(r.stays, TRUE)
