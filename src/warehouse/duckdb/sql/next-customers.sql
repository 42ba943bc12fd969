-- Grain: one row a customer of the file that is not gone, as its newest version from now on. A place that changed at a known
-- time makes a version of its own; everything else mends the newest one. What was gone and comes back holds from then.
CREATE OR REPLACE TEMP TABLE next_version AS
SELECT
  i.* EXCLUDE (position, changed_at, gone),
  COALESCE(m.moved, FALSE) AS moved,
  CASE WHEN m.moved THEN i.changed_at ELSE COALESCE(v.valid_from, b.gone_at, TIMESTAMP '0001-01-01') END AS valid_from,
  TIMESTAMP '9999-12-31' AS valid_to
FROM incoming i
LEFT JOIN customer v ON v.customer_id = i.customer_id AND v.valid_to = TIMESTAMP '9999-12-31'
LEFT JOIN (
  SELECT i.customer_id, TRUE AS moved
  FROM incoming i
  JOIN changed c ON c.customer_id = i.customer_id
  JOIN customer v ON v.customer_id = i.customer_id AND v.valid_to = TIMESTAMP '9999-12-31' AND v.valid_from < i.changed_at
) m ON m.customer_id = i.customer_id
LEFT JOIN (
  SELECT v.customer_id, MAX(v.valid_to) AS gone_at FROM customer v JOIN incoming i ON i.customer_id = v.customer_id GROUP BY v.customer_id
) b ON b.customer_id = i.customer_id
WHERE i.gone IS NOT TRUE
