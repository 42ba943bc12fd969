-- Stores of the seven days before $date that are in no list.
SELECT COUNT(DISTINCT l.store_id) AS observed
FROM order_line l
LEFT JOIN store s ON s.store_id = l.store_id
WHERE l.line = 1 AND s.store_id IS NULL
  AND l.business_date BETWEEN CAST($date AS DATE) - 7 AND CAST($date AS DATE) - 1
