-- Grain: one row an entity (a store or a customer, whose names take its place here) of the file that is not gone, from
-- when its newest version holds. A place that changed at a known time makes a version of its own (`has_moved` is 1);
-- everything else mends the newest one. What was gone and comes back holds from then.
CREATE TEMP TABLE next_version AS
SELECT
  i.entity_id,
  CASE WHEN c.entity_id IS NOT NULL AND v.valid_from < i.changed_at THEN 1 ELSE 0 END AS has_moved,
  CASE
    WHEN c.entity_id IS NOT NULL AND v.valid_from < i.changed_at THEN i.changed_at
    ELSE COALESCE(v.valid_from, b.gone_at, TIMESTAMP '0001-01-01 00:00:00')
  END AS valid_from
FROM incoming i
LEFT JOIN changed c ON c.entity_id = i.entity_id
LEFT JOIN entity v ON v.entity_id = i.entity_id AND v.valid_to = TIMESTAMP '9999-12-31 00:00:00'
LEFT JOIN (SELECT entity_id, MAX(valid_to) AS gone_at FROM entity GROUP BY entity_id) b ON b.entity_id = i.entity_id
WHERE i.is_gone = 0
