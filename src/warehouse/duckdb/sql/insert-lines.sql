-- Grain: one row a line of an order that counts. A voided order keeps its head only.
-- The lists of an order have one length, so that their elements unnest side by side.
INSERT INTO order_line
SELECT
  o.order_key, o.line, o.ordered_at, p.business_date, p.local_hour, isodow(p.business_date), p.market_state,
  o.store_id, p.city, p.zip, o.channel, o.customer_id, o.kind, o.menu_item, c.combination_id, o.size,
  o.quantity, o.gross_cents, o.discount_cents, o.gross_cents - o.discount_cents, o.accepted_at,
  CAST($loaded_at AS TIMESTAMP), o.segment, CAST(md5_number_lower(o.customer_id) >> 1 AS BIGINT)
FROM (
  SELECT
    a.rowid AS position, a.order_key, a.ordered_at, a.store_id, a.channel, a.customer_id, a.accepted_at, a.segment,
    generate_subscripts(a.kind, 1) AS line, unnest(a.kind) AS kind, unnest(a.menu_item) AS menu_item,
    unnest(a.size) AS size, unnest(a.combination) AS combination, unnest(a.quantity) AS quantity,
    unnest(a.gross_cents) AS gross_cents, unnest(a.discount_cents) AS discount_cents
  FROM arrived a
  WHERE a.type = 'order' AND a.status = 'placed'
) o
JOIN resolved p ON p.position = o.position
LEFT JOIN combination c ON c.combination = o.combination
