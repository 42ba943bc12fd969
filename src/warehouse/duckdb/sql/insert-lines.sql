-- Grain: one row a line of an order that counts. A voided order keeps its head only.
INSERT INTO order_line
SELECT
  o.order_key, o.l.line, o.ordered_at, p.business_date, p.local_hour, isodow(p.business_date), p.market_state,
  o.store_id, p.city, p.zip, o.channel, o.customer_id, o.l.kind, o.l.menu_item, c.combination_id, o.l.size,
  o.l.quantity, o.l.gross_cents, o.l.discount_cents, o.l.net_cents, o.accepted_at, CAST($loaded_at AS TIMESTAMP), o.segment
FROM (
  SELECT a.rowid AS position, a.order_key, a.ordered_at, a.store_id, a.channel, a.customer_id, a.accepted_at, a.segment,
    unnest(a.lines) AS l
  FROM arrived a
  WHERE a.type = 'order' AND a.status = 'placed'
) o
JOIN resolved p ON p.position = o.position
LEFT JOIN combination c ON c.combination = o.l.combination
