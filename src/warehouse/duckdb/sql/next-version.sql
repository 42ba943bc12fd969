-- Grain: one row an entity (a store or a customer, whose names take its place here) of the file that is not gone, as
-- its newest version from now on. A place that changed at a known time makes a version of its own; everything else
-- mends the newest one. What was gone and comes back holds from then.
CREATE OR REPLACE TEMP TABLE next_version AS
SELECT
  i.* EXCLUDE (position, changed_at, gone),
  COALESCE(m.moved, FALSE) AS moved,
  CASE WHEN m.moved THEN i.changed_at ELSE COALESCE(v.valid_from, b.gone_at, TIMESTAMP '0001-01-01') END AS valid_from,
  TIMESTAMP '9999-12-31' AS valid_to
FROM incoming i
LEFT JOIN entity v ON v.entity_id = i.entity_id AND v.valid_to = TIMESTAMP '9999-12-31'
LEFT JOIN (
  SELECT i.entity_id, TRUE AS moved
  FROM incoming i
  JOIN changed c ON c.entity_id = i.entity_id
  JOIN entity v ON v.entity_id = i.entity_id AND v.valid_to = TIMESTAMP '9999-12-31' AND v.valid_from < i.changed_at
) m ON m.entity_id = i.entity_id
LEFT JOIN (
  SELECT v.entity_id, MAX(v.valid_to) AS gone_at FROM entity v JOIN incoming i ON i.entity_id = v.entity_id GROUP BY v.entity_id
) b ON b.entity_id = i.entity_id
WHERE i.gone IS NOT TRUE
