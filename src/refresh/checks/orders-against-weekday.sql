-- Orders of the day before $date over the mean of the same weekday in the four weeks before it that had sales.
SELECT CAST(d.orders AS DOUBLE PRECISION) / p.orders AS observed
FROM (
  SELECT COUNT(*) AS orders FROM order_line
  WHERE line = 1 AND business_date = CAST($date AS DATE) - 1
) d
CROSS JOIN (
  SELECT CAST(COUNT(*) AS DOUBLE PRECISION) / NULLIF(COUNT(DISTINCT business_date), 0) AS orders FROM order_line
  WHERE line = 1
    AND business_date IN (CAST($date AS DATE) - 8, CAST($date AS DATE) - 15, CAST($date AS DATE) - 22, CAST($date AS DATE) - 29)
) p
