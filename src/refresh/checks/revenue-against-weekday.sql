-- Revenue of the day before $date over the mean of the same weekday in the four weeks before it that had sales.
SELECT CAST(d.cents AS DOUBLE PRECISION) / NULLIF(p.cents, 0) AS observed
FROM (
  SELECT COALESCE(SUM(net_cents), 0) AS cents FROM order_line WHERE business_date = CAST($date AS DATE) - 1
) d
CROSS JOIN (
  SELECT CAST(SUM(net_cents) AS DOUBLE PRECISION) / NULLIF(COUNT(DISTINCT business_date), 0) AS cents FROM order_line
  WHERE business_date IN (CAST($date AS DATE) - 8, CAST($date AS DATE) - 15, CAST($date AS DATE) - 22, CAST($date AS DATE) - 29)
) p
