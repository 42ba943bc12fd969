-- Grain: one row a line of an order record that counts.
CREATE OR REPLACE TEMP VIEW counting_line AS
SELECT
  o.segment, o.order_key, CAST(o.line AS SMALLINT) AS line, o.kind, o.menu_item, o.combination, o.size, o.quantity, o.gross_cents,
  o.discount_cents, o.ordered_at, o.store_id, o.channel, o.customer_id, o.accepted_at
FROM (
  SELECT
    a.segment, a.order_key, generate_subscripts(a.kind, 1) AS line, unnest(a.kind) AS kind, unnest(a.menu_item) AS menu_item,
    unnest(a.combination) AS combination, unnest(a.size) AS size, unnest(a.quantity) AS quantity,
    unnest(a.gross_cents) AS gross_cents, unnest(a.discount_cents) AS discount_cents, a.ordered_at, a.store_id, a.channel,
    a.customer_id, a.accepted_at
  FROM arrived a
  WHERE a.type = 'order' AND a.status = 'placed' AND NOT EXISTS (SELECT 1 FROM not_counting n WHERE n.position = a.rowid)
) o
