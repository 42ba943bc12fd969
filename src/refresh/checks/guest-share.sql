-- Orders without a customer over all orders, of the seven days before $date.
SELECT CAST(SUM(CASE WHEN customer_id IS NULL THEN 1 ELSE 0 END) AS DOUBLE PRECISION) / NULLIF(COUNT(*), 0) AS observed
FROM order_line
WHERE line = 1 AND business_date BETWEEN CAST($date AS DATE) - 7 AND CAST($date AS DATE) - 1
