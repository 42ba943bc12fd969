-- Grain: one row a state and kind of line of a month. Pizzas come first: most reports want nothing else.
SELECT market_state, combination_id IS NULL AS other, COUNT(*) AS lines
FROM order_line
WHERE business_date >= CAST($month AS DATE) AND business_date < CAST($month AS DATE) + INTERVAL 1 MONTH
GROUP BY ALL
ORDER BY other, market_state
