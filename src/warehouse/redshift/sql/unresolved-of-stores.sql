-- Grain: one row an order of a store that is new or has changed: what resolving looks at again.
CREATE TEMP TABLE unresolved AS
SELECT
  h.order_key, h.source, h.order_id, h.ordered_at, h.utc_offset_minutes, h.store_id, h.customer_id,
  h.deliver_state, h.deliver_city, h.deliver_zip
FROM order_head h
WHERE h.store_id IN (SELECT store_id FROM changed)
