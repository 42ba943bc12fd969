-- Grain: one row an order that this load brings in: what resolving looks at.
CREATE TEMP TABLE unresolved AS
SELECT
  a.order_key, a.source, a.order_id, a.ordered_at, a.utc_offset_minutes, a.store_id, a.customer_id,
  a.deliver_state, a.deliver_city, a.deliver_zip
FROM arrived a
JOIN ruled r ON r.position = a.position AND r.stays = 1
