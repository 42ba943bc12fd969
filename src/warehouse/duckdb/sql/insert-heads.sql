INSERT INTO order_head
SELECT
  a.order_key, a.source, a.order_id, a.revision, a.status, a.ordered_at, a.utc_offset_minutes, p.business_date,
  a.store_id, a.customer_id, a.channel, p.market_state, a.deliver_state, a.deliver_city, a.deliver_zip,
  a.promised_at, a.completed_at, list_sum(a.gross_cents) - list_sum(a.discount_cents), a.accepted_at, a.segment
FROM arrived a
JOIN resolved p ON p.position = a.rowid
