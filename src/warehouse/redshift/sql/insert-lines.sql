-- Grain: one row a line of an order that counts. A voided order keeps its head only.
INSERT INTO order_line
SELECT
  h.order_key, l.line, h.ordered_at, h.business_date, h.local_hour, h.local_weekday, h.market_state,
  h.store_id, h.city, h.zip, h.channel, h.customer_id, l.kind, l.menu_item, c.combination_id, l.size, l.quantity,
  l.gross_cents, l.discount_cents, l.gross_cents - l.discount_cents, h.accepted_at, CAST($loaded_at AS TIMESTAMP),
  h.segment, h.customer_key
FROM new_head h
JOIN arrived_line l ON l.position = h.position
LEFT JOIN combination c ON c.combination = l.combination
WHERE h.status = 'placed'
