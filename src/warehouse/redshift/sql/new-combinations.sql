-- Grain: one row a combination that is sold for the first time.
INSERT INTO combination
SELECT
  CAST(m.last_id + ROW_NUMBER() OVER (ORDER BY n.combination) AS INTEGER),
  n.combination, n.label, n.crust, n.sauce, n.cheese, n.toppings
FROM arrived_combination n
CROSS JOIN (SELECT COALESCE(MAX(combination_id), 0) AS last_id FROM combination) m
WHERE n.combination NOT IN (SELECT combination FROM combination)
  AND n.combination IN (
    SELECT l.combination FROM arrived_line l JOIN arrived a ON a.position = l.position WHERE l.combination IS NOT NULL
  )
