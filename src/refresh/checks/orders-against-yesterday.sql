-- Orders of the day before $date over those of the day before that.
SELECT CAST(SUM(CASE WHEN business_date = CAST($date AS DATE) - 1 THEN 1 ELSE 0 END) AS DOUBLE PRECISION)
  / NULLIF(SUM(CASE WHEN business_date = CAST($date AS DATE) - 2 THEN 1 ELSE 0 END), 0) AS observed
FROM order_line
WHERE line = 1 AND business_date BETWEEN CAST($date AS DATE) - 2 AND CAST($date AS DATE) - 1
