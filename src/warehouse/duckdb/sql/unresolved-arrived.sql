-- Grain: one row an order of a load in which every order is new: what resolving looks at.
SELECT
  a.rowid AS position, a.order_key, a.ordered_at, a.utc_offset_minutes, a.store_id, a.customer_id,
  a.deliver_state, a.deliver_city, a.deliver_zip
FROM arrived a
WHERE a.type = 'order'
