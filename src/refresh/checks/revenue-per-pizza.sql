-- Net cents a pizza on the day before $date.
SELECT CAST(SUM(net_cents) AS DOUBLE PRECISION) / NULLIF(SUM(quantity), 0) AS observed
FROM order_line
WHERE kind = 'pizza' AND business_date = CAST($date AS DATE) - 1
