-- Grain: one row a kind of line, state and date of a month. Pizzas come first: most reports want nothing else.
SELECT combination_id IS NULL AS other, market_state, CAST(business_date AS VARCHAR) AS business_date, COUNT(*) AS lines
FROM order_line
WHERE business_date >= CAST($month AS DATE) AND business_date < CAST($month AS DATE) + INTERVAL 1 MONTH
GROUP BY ALL
ORDER BY other, market_state, business_date
