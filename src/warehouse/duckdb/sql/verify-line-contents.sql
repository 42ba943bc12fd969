-- Grain: one row a line of an order that counts and is in the tables otherwise than in its segment file.
WITH held AS (
  SELECT l.*, c.combination, COUNT(*) OVER (PARTITION BY l.segment, l.order_key, l.line) AS copies
  FROM order_line l
  LEFT JOIN combination c ON c.combination_id = l.combination_id
  WHERE l.segment IN (SELECT unnest($segments))
  QUALIFY ROW_NUMBER() OVER (PARTITION BY l.segment, l.order_key, l.line ORDER BY l.rowid) = 1
),
compared AS (
  SELECT
    COALESCE(f.segment, h.segment) AS segment, COALESCE(f.order_key, h.order_key) AS order_key, COALESCE(f.line, h.line) AS line,
    f.line IS NOT NULL AS is_filed, COALESCE(h.copies, 0) AS copies,
    array_to_string([name FOR name IN [
      CASE WHEN f.kind IS DISTINCT FROM h.kind THEN 'kind' END,
      CASE WHEN f.menu_item IS DISTINCT FROM h.menu_item THEN 'menu_item' END,
      CASE WHEN f.combination IS DISTINCT FROM h.combination THEN 'combination' END,
      CASE WHEN f.size IS DISTINCT FROM h.size THEN 'size' END,
      CASE WHEN f.quantity IS DISTINCT FROM h.quantity THEN 'quantity (' || f.quantity || ' in the file, ' || h.quantity || ' in the tables)' END,
      CASE WHEN f.gross_cents IS DISTINCT FROM h.gross_cents THEN 'gross_cents (' || f.gross_cents || ' in the file, ' || h.gross_cents || ' in the tables)' END,
      CASE WHEN f.discount_cents IS DISTINCT FROM h.discount_cents THEN 'discount_cents (' || f.discount_cents || ' in the file, ' || h.discount_cents || ' in the tables)' END,
      CASE WHEN f.ordered_at IS DISTINCT FROM h.ordered_at THEN 'ordered_at' END,
      CASE WHEN f.store_id IS DISTINCT FROM h.store_id THEN 'store_id' END,
      CASE WHEN f.channel IS DISTINCT FROM h.channel THEN 'channel' END,
      CASE WHEN f.customer_id IS DISTINCT FROM h.customer_id THEN 'customer_id' END,
      CASE WHEN f.accepted_at IS DISTINCT FROM h.accepted_at THEN 'accepted_at' END
    ] IF name IS NOT NULL], ', ') AS fields
  FROM counting_line f
  FULL JOIN held h ON h.segment = f.segment AND h.order_key = f.order_key AND h.line = f.line
)
SELECT d.segment, CAST(d.order_key AS VARCHAR) AS order_key, d.line, d.is_filed, d.copies, d.fields, c.source, c.order_id
FROM compared d
LEFT JOIN counting c ON c.segment = d.segment AND c.order_key = d.order_key
WHERE NOT d.is_filed OR d.copies <> 1 OR d.fields <> ''
ORDER BY 1, 2, 3
