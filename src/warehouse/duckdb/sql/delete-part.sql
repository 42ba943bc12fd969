DELETE FROM order_line
WHERE business_date >= CAST($month AS DATE) AND business_date < CAST($month AS DATE) + INTERVAL 1 MONTH
  AND (combination_id IS NULL) = $other
  AND market_state IN (SELECT unnest($states))
