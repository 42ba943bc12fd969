-- Of the stores that sold in the seven days before, the share that sold nothing on the day before $date.
SELECT CAST(SUM(CASE WHEN s.sold_last = 0 THEN 1 ELSE 0 END) AS DOUBLE PRECISION) / NULLIF(COUNT(*), 0) AS observed
FROM (
  SELECT
    store_id,
    MAX(CASE WHEN business_date < CAST($date AS DATE) - 1 THEN 1 ELSE 0 END) AS sold_before,
    MAX(CASE WHEN business_date = CAST($date AS DATE) - 1 THEN 1 ELSE 0 END) AS sold_last
  FROM order_line
  WHERE line = 1 AND business_date BETWEEN CAST($date AS DATE) - 8 AND CAST($date AS DATE) - 1
  GROUP BY store_id
) s
WHERE s.sold_before = 1
