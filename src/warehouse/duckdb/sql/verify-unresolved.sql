-- Grain: one row an order of a part of all orders: what resolving looks at.
SELECT
  h.rowid AS position, h.order_key, h.ordered_at, h.utc_offset_minutes, h.store_id, h.customer_id,
  h.deliver_state, h.deliver_city, h.deliver_zip
FROM order_head h
WHERE hash(h.order_key) % CAST($parts AS UBIGINT) = CAST($part AS UBIGINT)
