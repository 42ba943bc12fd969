-- Grain: one row a combination, the best-selling first, with the menu name it is most often sold under.
-- Sources: order_line (pizza lines), combination.
-- One pass by combination and menu name gives the sums and the names; customers are counted apart, because
-- distinct counts do not add up over names.
WITH named AS (
  SELECT combination_id, menu_item, SUM(quantity) AS pizzas, SUM(net_cents) AS revenue_cents
  FROM order_line
  WHERE combination_id IS NOT NULL
    AND (CAST($state AS VARCHAR) IS NULL OR market_state = CAST($state AS VARCHAR))
    AND (CAST($from AS DATE) IS NULL OR business_date >= CAST($from AS DATE))
    AND (CAST($to AS DATE) IS NULL OR business_date <= CAST($to AS DATE))
  GROUP BY combination_id, menu_item
),
sold AS (
  SELECT combination_id, SUM(pizzas) AS pizzas, SUM(revenue_cents) AS revenue_cents
  FROM named
  GROUP BY combination_id
),
names AS (
  SELECT
    combination_id, menu_item,
    ROW_NUMBER() OVER (PARTITION BY combination_id ORDER BY pizzas DESC, menu_item) AS place
  FROM named
  WHERE menu_item IS NOT NULL
),
ranked AS (
  SELECT
    ROW_NUMBER() OVER (ORDER BY s.pizzas DESC, s.revenue_cents DESC, c.combination) AS rank,
    SUM(s.pizzas) OVER () AS all_pizzas,
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
  CAST(w.rank AS INTEGER) AS rank, w.combination, n.menu_item, w.label, w.crust, w.sauce, w.cheese, w.toppings,
  CAST(w.pizzas AS BIGINT) AS pizzas,
  CAST(w.pizzas AS DOUBLE PRECISION) / CAST(w.all_pizzas AS DOUBLE PRECISION) AS share,
  CAST(w.revenue_cents AS BIGINT) AS revenue_cents,
  CAST(ROUND(CAST(w.revenue_cents AS DECIMAL(30, 4)) / w.pizzas) AS BIGINT) AS revenue_per_pizza_cents,
  b.unique_customers
FROM winners w
JOIN buyers b ON b.combination_id = w.combination_id
LEFT JOIN names n ON n.combination_id = w.combination_id AND n.place = 1
ORDER BY w.rank
