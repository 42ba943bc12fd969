-- Grain: one row a market state with sales, `unresolved` included.
-- Source: order_line. An order is counted by its first line.
SELECT
  market_state AS state,
  CAST(SUM(CASE WHEN line = 1 THEN 1 ELSE 0 END) AS BIGINT) AS orders,
  CAST(SUM(CASE WHEN kind = 'pizza' THEN quantity ELSE 0 END) AS BIGINT) AS pizzas,
  CAST(SUM(net_cents) AS BIGINT) AS revenue_cents,
  CAST(SUM(CASE WHEN kind = 'pizza' THEN net_cents ELSE 0 END) AS BIGINT) AS pizza_revenue_cents,
  CAST(ROUND(
    CAST(SUM(CASE WHEN kind = 'pizza' THEN net_cents ELSE 0 END) AS DECIMAL(30, 4))
      / NULLIF(SUM(CASE WHEN kind = 'pizza' THEN quantity ELSE 0 END), 0)
  ) AS BIGINT) AS revenue_per_pizza_cents,
  COUNT(DISTINCT customer_key) AS unique_customers
FROM order_line
WHERE (CAST($from AS DATE) IS NULL OR business_date >= CAST($from AS DATE))
  AND (CAST($to AS DATE) IS NULL OR business_date <= CAST($to AS DATE))
GROUP BY market_state
ORDER BY market_state
