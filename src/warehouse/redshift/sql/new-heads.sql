-- Grain: one row an order that this load brings in or changes. A table, because MERGE takes nothing else as a source.
CREATE TEMP TABLE new_head AS
SELECT
  a.order_key, a.source, a.order_id, a.revision, a.status, a.ordered_at, a.utc_offset_minutes, p.business_date,
  a.store_id, a.customer_id, a.channel, p.market_state, a.deliver_state, a.deliver_city, a.deliver_zip,
  a.promised_at, a.completed_at, a.net_cents, a.accepted_at, a.segment,
  a.position, a.customer_key, p.city, p.zip, p.local_hour, p.local_weekday
FROM arrived a
JOIN ruled r ON r.position = a.position AND r.stays = 1
JOIN resolved p ON p.order_key = a.order_key AND p.source = a.source AND p.order_id = a.order_id
