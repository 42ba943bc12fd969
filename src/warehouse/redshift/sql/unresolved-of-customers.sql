-- Grain: one row an order that only its customer's home can place, of a customer who is new or has moved.
CREATE TEMP TABLE unresolved AS
SELECT
  h.order_key, h.source, h.order_id, h.ordered_at, h.utc_offset_minutes, h.store_id, h.customer_id,
  h.deliver_state, h.deliver_city, h.deliver_zip
FROM order_head h
WHERE h.customer_id IN (SELECT customer_id FROM changed)
  AND h.deliver_state IS NULL
  AND h.store_id NOT IN (SELECT store_id FROM store)
