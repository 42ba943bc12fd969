-- Grain: one row a business date with sales.
-- Source: order_line. An order is counted by its first line.
SELECT
  business_date,
  CAST(SUM(CASE WHEN line = 1 THEN 1 ELSE 0 END) AS BIGINT) AS orders,
  CAST(SUM(CASE WHEN kind = 'pizza' THEN quantity ELSE 0 END) AS BIGINT) AS pizzas,
  CAST(SUM(net_cents) AS BIGINT) AS revenue_cents,
  CAST(SUM(CASE WHEN kind = 'pizza' THEN net_cents ELSE 0 END) AS BIGINT) AS pizza_revenue_cents
FROM order_line
WHERE (CAST($state AS VARCHAR) IS NULL OR market_state = CAST($state AS VARCHAR))
  AND (CAST($from AS DATE) IS NULL OR business_date >= CAST($from AS DATE))
  AND (CAST($to AS DATE) IS NULL OR business_date <= CAST($to AS DATE))
GROUP BY business_date
ORDER BY business_date
