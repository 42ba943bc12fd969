-- Grain: one row a month of business dates, with its lines, and those of them that were loaded since it was last
-- brought into order.
SELECT
  CAST(date_trunc('month', l.business_date) AS DATE) AS month,
  COUNT(*) AS lines,
  COUNT(*) FILTER (WHERE c.compacted_at IS NULL OR l.loaded_at >= c.compacted_at) AS loose
FROM order_line l
LEFT JOIN compaction c ON c.month = CAST(date_trunc('month', l.business_date) AS DATE)
GROUP BY 1
ORDER BY 1
