-- Grain: one row a line of some states of a month, in the order that lets a report pass over most of the table.
CREATE OR REPLACE TEMP TABLE part AS
SELECT *
FROM order_line
WHERE business_date >= CAST($month AS DATE) AND business_date < CAST($month AS DATE) + INTERVAL 1 MONTH
  AND (combination_id IS NULL) = $other
  AND market_state IN (SELECT unnest($states))
ORDER BY market_state, business_date
