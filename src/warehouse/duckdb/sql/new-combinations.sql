-- Grain: one row a combination that is sold for the first time.
SELECT l.combination
FROM (SELECT DISTINCT unnest(a.combination) AS combination FROM arrived a WHERE a.type = 'order' AND a.status = 'placed') l
WHERE l.combination IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM combination c WHERE c.combination = l.combination)
ORDER BY l.combination
