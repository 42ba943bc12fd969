-- Grain: one row for the whole selection.
-- Source: order_line. An order is counted by its first line.
SELECT
  CAST(COALESCE(SUM(CASE WHEN line = 1 THEN 1 ELSE 0 END), 0) AS BIGINT) AS orders,
  CAST(COALESCE(SUM(CASE WHEN kind = 'pizza' THEN quantity ELSE 0 END), 0) AS BIGINT) AS pizzas,
  CAST(COALESCE(SUM(net_cents), 0) AS BIGINT) AS revenue_cents,
  CAST(COALESCE(SUM(CASE WHEN kind = 'pizza' THEN net_cents ELSE 0 END), 0) AS BIGINT) AS pizza_revenue_cents,
  CAST(ROUND(
    CAST(SUM(CASE WHEN kind = 'pizza' THEN net_cents ELSE 0 END) AS DECIMAL(30, 4))
      / NULLIF(SUM(CASE WHEN kind = 'pizza' THEN quantity ELSE 0 END), 0)
  ) AS BIGINT) AS revenue_per_pizza_cents,
  COUNT(DISTINCT customer_key) AS unique_customers,
  COUNT(DISTINCT combination_id) AS combinations,
  MIN(business_date) AS first_date,
  MAX(business_date) AS last_date
FROM order_line
WHERE (CAST($state AS VARCHAR) IS NULL OR market_state = CAST($state AS VARCHAR))
  AND (CAST($from AS DATE) IS NULL OR business_date >= CAST($from AS DATE))
  AND (CAST($to AS DATE) IS NULL OR business_date <= CAST($to AS DATE))
