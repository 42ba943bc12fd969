-- Grain: one row a month of business dates, with its lines, and those of them that were loaded since it was last
-- brought into order.
SELECT
  CAST(m.month AS DATE) AS month,
  COUNT(*) AS lines,
  SUM(CASE WHEN c.compacted_at IS NULL OR m.loaded_at >= c.compacted_at THEN 1 ELSE 0 END) AS loose
FROM (SELECT CAST(DATE_TRUNC('month', CAST(business_date AS TIMESTAMP)) AS DATE) AS month, loaded_at FROM order_line) m
LEFT JOIN compaction c ON c.month = m.month
GROUP BY m.month
ORDER BY m.month
