-- Grain: one row a line of an order that counts. A voided order keeps its head only.
-- What all lines of an order share is worked out before its lists are unnested. These have one length, so that
-- their elements unnest side by side.
INSERT INTO order_line
SELECT
  o.order_key, o.line, o.ordered_at, o.business_date, o.local_hour, o.local_weekday, o.market_state,
  o.store_id, o.city, o.zip, o.channel, o.customer_id, o.kind, o.menu_item, c.combination_id, o.size,
  o.quantity, o.gross_cents, o.discount_cents, o.gross_cents - o.discount_cents, o.accepted_at,
  CAST($loaded_at AS TIMESTAMP), o.segment, o.customer_key
FROM (
  SELECT
    a.order_key, a.ordered_at, p.business_date, p.local_hour, isodow(p.business_date) AS local_weekday,
    p.market_state, a.store_id, p.city, p.zip, a.channel, a.customer_id, a.accepted_at, a.segment,
    CAST(md5_number_lower(a.customer_id) >> 1 AS BIGINT) AS customer_key,
    generate_subscripts(a.kind, 1) AS line, unnest(a.kind) AS kind, unnest(a.menu_item) AS menu_item,
    unnest(a.size) AS size, unnest(a.combination) AS combination, unnest(a.quantity) AS quantity,
    unnest(a.gross_cents) AS gross_cents, unnest(a.discount_cents) AS discount_cents
  FROM arrived a
  JOIN resolved p ON p.position = a.rowid
  WHERE a.type = 'order' AND a.status = 'placed'
) o
LEFT JOIN combination c ON c.combination = o.combination
