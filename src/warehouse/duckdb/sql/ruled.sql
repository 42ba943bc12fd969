-- Grain: one row an order record that arrived, with its outcome.
-- Sources: arrived, stored. Among equals the first to arrive counts; a stored order beats an equal revision.
CREATE OR REPLACE TEMP TABLE ruled AS
WITH ranked AS (
  SELECT
    rowid AS position, segment, source, order_id, revision,
    ROW_NUMBER() OVER (PARTITION BY source, order_id ORDER BY revision DESC, rowid) AS place,
    LAG(revision) OVER (PARTITION BY source, order_id ORDER BY revision DESC, rowid) AS ahead
  FROM arrived
  WHERE type = 'order'
)
SELECT
  r.position, r.segment,
  CASE
    WHEN s.revision = r.revision OR r.ahead = r.revision THEN 'duplicate'
    WHEN s.revision > r.revision OR r.place > 1 THEN 'superseded'
    ELSE 'loaded'
  END AS outcome,
  s.order_key AS replaces
FROM ranked r
LEFT JOIN stored s ON s.source = r.source AND s.order_id = r.order_id
