-- Of the customers of the seven days before $date, the share that is in no list; null while there is no list.
SELECT CAST(SUM(CASE WHEN c.customer_id IS NULL THEN 1 ELSE 0 END) AS DOUBLE PRECISION) / NULLIF(COUNT(*), 0) AS observed
FROM (
  SELECT DISTINCT customer_id FROM order_line
  WHERE line = 1 AND customer_id IS NOT NULL
    AND business_date BETWEEN CAST($date AS DATE) - 7 AND CAST($date AS DATE) - 1
) l
LEFT JOIN (SELECT DISTINCT customer_id FROM customer) c ON c.customer_id = l.customer_id
WHERE EXISTS (SELECT 1 FROM customer)
