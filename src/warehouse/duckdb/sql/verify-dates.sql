-- Grain: one row a business date whose lines do not add up to its orders. `due` and `paid` are weighed by order, as in
-- verify-held-segments.sql, so that an order whose lines lie on another date shows on both dates.
WITH parts AS (
  SELECT business_date, net_cents AS order_cents, 0 AS line_cents,
    (CAST(hash(order_key) & 1048575 AS BIGINT) + 1) * net_cents AS due, 0 AS paid
  FROM order_head
  WHERE status = 'placed'
  UNION ALL
  SELECT business_date, 0, net_cents, 0, (CAST(hash(order_key) & 1048575 AS BIGINT) + 1) * net_cents
  FROM order_line
)
SELECT CAST(business_date AS VARCHAR) AS business_date, CAST(SUM(order_cents) AS BIGINT) AS order_cents,
  CAST(SUM(line_cents) AS BIGINT) AS line_cents
FROM parts
GROUP BY business_date
HAVING SUM(due) <> SUM(paid)
ORDER BY business_date
