-- Orders whose business date is later than the day after $date.
SELECT COUNT(*) AS observed
FROM order_line
WHERE line = 1 AND business_date > CAST($date AS DATE) + 1
