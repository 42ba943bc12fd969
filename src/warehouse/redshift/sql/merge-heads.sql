MERGE INTO order_head
USING new_head AS n
ON order_head.order_key = n.order_key AND order_head.source = n.source AND order_head.order_id = n.order_id
WHEN MATCHED THEN UPDATE SET
  revision = n.revision, status = n.status, ordered_at = n.ordered_at, utc_offset_minutes = n.utc_offset_minutes,
  business_date = n.business_date, store_id = n.store_id, customer_id = n.customer_id, channel = n.channel,
  market_state = n.market_state, deliver_state = n.deliver_state, deliver_city = n.deliver_city,
  deliver_zip = n.deliver_zip, promised_at = n.promised_at, completed_at = n.completed_at, net_cents = n.net_cents,
  accepted_at = n.accepted_at, segment = n.segment
WHEN NOT MATCHED THEN INSERT (
  order_key, source, order_id, revision, status, ordered_at, utc_offset_minutes, business_date, store_id, customer_id,
  channel, market_state, deliver_state, deliver_city, deliver_zip, promised_at, completed_at, net_cents, accepted_at,
  segment
) VALUES (
  n.order_key, n.source, n.order_id, n.revision, n.status, n.ordered_at, n.utc_offset_minutes, n.business_date,
  n.store_id, n.customer_id, n.channel, n.market_state, n.deliver_state, n.deliver_city, n.deliver_zip, n.promised_at,
  n.completed_at, n.net_cents, n.accepted_at, n.segment
)
