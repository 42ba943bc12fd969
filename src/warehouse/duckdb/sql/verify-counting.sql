-- Grain: one row an order record of the files at hand that counts.
CREATE OR REPLACE TEMP VIEW counting AS
SELECT
  a.order_key, a.source, a.order_id, a.revision, a.status, a.segment, a.ordered_at, a.utc_offset_minutes, a.store_id,
  a.customer_id, a.channel, a.deliver_state, a.deliver_city, a.deliver_zip, a.promised_at, a.completed_at,
  CAST(list_sum(a.gross_cents) - list_sum(a.discount_cents) AS BIGINT) AS net_cents, a.accepted_at
FROM arrived a
WHERE a.type = 'order' AND NOT EXISTS (SELECT 1 FROM not_counting n WHERE n.position = a.rowid)
