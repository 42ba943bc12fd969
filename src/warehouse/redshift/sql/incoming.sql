-- Grain: one row an entity (a store or a customer, whose names take its place here) of the file; of several with one
-- id the last counts.
CREATE TEMP TABLE incoming AS
SELECT s.*, CAST(s.changed_text AS TIMESTAMP) AS changed_at, CASE WHEN s.gone THEN 1 ELSE 0 END AS is_gone
FROM sent s
JOIN (SELECT entity_id, MAX(position) AS position FROM sent GROUP BY entity_id) l
  ON l.entity_id = s.entity_id AND l.position = s.position
