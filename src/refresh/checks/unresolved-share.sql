-- Lines without a market state over all lines, of the seven days before $date.
SELECT CAST(SUM(CASE WHEN market_state = 'unresolved' THEN 1 ELSE 0 END) AS DOUBLE PRECISION) / NULLIF(COUNT(*), 0) AS observed
FROM order_line
WHERE business_date BETWEEN CAST($date AS DATE) - 7 AND CAST($date AS DATE) - 1
