-- Grain: one row a market state with sales, `unresolved` included.
-- Sources: order_line; census_state for people and households. An order is counted by its first line.
-- The nation of the index is the states with sales in the selection, so that a chain of three states is not held
-- against people it does not serve.
WITH sold AS (
  SELECT
    market_state,
    SUM(CASE WHEN line = 1 THEN 1 ELSE 0 END) AS orders,
    SUM(CASE WHEN kind = 'pizza' THEN quantity ELSE 0 END) AS pizzas,
    SUM(net_cents) AS revenue_cents,
    SUM(CASE WHEN kind = 'pizza' THEN net_cents ELSE 0 END) AS pizza_revenue_cents,
    COUNT(DISTINCT customer_key) AS unique_customers
  FROM order_line
  WHERE (CAST($from AS DATE) IS NULL OR business_date >= CAST($from AS DATE))
    AND (CAST($to AS DATE) IS NULL OR business_date <= CAST($to AS DATE))
  GROUP BY market_state
),
nation AS (
  SELECT CAST(SUM(s.revenue_cents) AS DOUBLE PRECISION) / NULLIF(SUM(c.population), 0) AS revenue_per_person
  FROM sold s
  JOIN census_state c ON c.state = s.market_state
)
SELECT
  s.market_state AS state,
  CAST(s.orders AS BIGINT) AS orders,
  CAST(s.pizzas AS BIGINT) AS pizzas,
  CAST(s.revenue_cents AS BIGINT) AS revenue_cents,
  CAST(s.pizza_revenue_cents AS BIGINT) AS pizza_revenue_cents,
  CAST(ROUND(CAST(s.pizza_revenue_cents AS DECIMAL(30, 4)) / NULLIF(s.pizzas, 0)) AS BIGINT) AS revenue_per_pizza_cents,
  s.unique_customers,
  CAST(s.pizzas AS DOUBLE PRECISION) * 10000 / NULLIF(c.population, 0) AS pizzas_per_10k_people,
  CAST(ROUND(CAST(s.revenue_cents AS DOUBLE PRECISION) * 10000 / NULLIF(c.population, 0)) AS BIGINT) AS revenue_cents_per_10k_people,
  CAST(s.unique_customers AS DOUBLE PRECISION) * 10000 / NULLIF(c.population, 0) AS customers_per_10k_people,
  CAST(s.pizzas AS DOUBLE PRECISION) * 1000 / NULLIF(c.households, 0) AS pizzas_per_1k_households,
  CAST(ROUND(CAST(s.revenue_cents AS DOUBLE PRECISION) * 1000 / NULLIF(c.households, 0)) AS BIGINT) AS revenue_cents_per_1k_households,
  CAST(s.unique_customers AS DOUBLE PRECISION) * 1000 / NULLIF(c.households, 0) AS customers_per_1k_households,
  CAST(ROUND(CAST(s.revenue_cents AS DOUBLE PRECISION) / NULLIF(c.population, 0) / n.revenue_per_person * 100) AS INTEGER) AS revenue_index,
  c.population, c.population_year, c.households, c.households_year, c.vintage AS census_vintage
FROM sold s
CROSS JOIN nation n
LEFT JOIN census_state c ON c.state = s.market_state
ORDER BY s.market_state
