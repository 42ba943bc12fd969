-- Grain: one row a combination, the best-selling first.
-- Sources: order_line (pizza lines), combination.
-- Sums first, and distinct customers of the winners only: distinct counts do not add up, so they are counted at
-- the grain asked for, and counting them for every combination would cost many times the rest.
WITH sold AS (
  SELECT combination_id, SUM(quantity) AS pizzas, SUM(net_cents) AS revenue_cents
  FROM order_line
  WHERE combination_id IS NOT NULL
    AND (CAST($state AS VARCHAR) IS NULL OR market_state = CAST($state AS VARCHAR))
    AND (CAST($from AS DATE) IS NULL OR business_date >= CAST($from AS DATE))
    AND (CAST($to AS DATE) IS NULL OR business_date <= CAST($to AS DATE))
  GROUP BY combination_id
),
ranked AS (
  SELECT
    ROW_NUMBER() OVER (ORDER BY s.pizzas DESC, s.revenue_cents DESC, c.combination) AS rank,
    s.combination_id, s.pizzas, s.revenue_cents, c.combination, c.label, c.crust, c.sauce, c.cheese, c.toppings
  FROM sold s
  JOIN combination c ON c.combination_id = s.combination_id
),
winners AS (
  SELECT * FROM ranked WHERE rank <= CAST($limit AS INTEGER)
),
buyers AS (
  SELECT combination_id, COUNT(DISTINCT customer_key) AS unique_customers
  FROM order_line
  WHERE combination_id IN (SELECT combination_id FROM winners)
    AND (CAST($state AS VARCHAR) IS NULL OR market_state = CAST($state AS VARCHAR))
    AND (CAST($from AS DATE) IS NULL OR business_date >= CAST($from AS DATE))
    AND (CAST($to AS DATE) IS NULL OR business_date <= CAST($to AS DATE))
  GROUP BY combination_id
)
SELECT
  CAST(w.rank AS INTEGER) AS rank, w.combination, w.label, w.crust, w.sauce, w.cheese, w.toppings,
  CAST(w.pizzas AS BIGINT) AS pizzas,
  CAST(w.revenue_cents AS BIGINT) AS revenue_cents,
  CAST(ROUND(CAST(w.revenue_cents AS DECIMAL(30, 4)) / w.pizzas) AS BIGINT) AS revenue_per_pizza_cents,
  b.unique_customers
FROM winners w
JOIN buyers b ON b.combination_id = w.combination_id
ORDER BY w.rank
