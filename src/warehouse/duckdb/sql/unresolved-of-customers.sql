-- Grain: one row an order that only its customer's home can place, of a customer who is new or has moved.
SELECT
  h.rowid AS position, h.order_key, h.ordered_at, h.utc_offset_minutes, h.store_id, h.customer_id,
  h.deliver_state, h.deliver_city, h.deliver_zip
FROM order_head h
WHERE h.customer_id IN (SELECT customer_id FROM changed)
  AND h.deliver_state IS NULL
  AND NOT EXISTS (SELECT 1 FROM store s WHERE s.store_id = h.store_id)
