-- Grain: one row an order record that arrived, with its outcome.
-- Sources: arrived, stored. The highest revision wins; a void beats an order of its own revision, because tills
-- that have no revisions void by sending the order again. Among equals the first to arrive counts.
CREATE OR REPLACE TEMP TABLE ruled AS
WITH weighed AS (
  SELECT
    rowid AS position, segment, source, order_id,
    2 * revision + CASE WHEN status = 'voided' THEN 1 ELSE 0 END AS weight
  FROM arrived
  WHERE type = 'order'
),
ranked AS (
  SELECT
    position, segment, source, order_id, weight,
    ROW_NUMBER() OVER (PARTITION BY source, order_id ORDER BY weight DESC, position) AS place,
    LAG(weight) OVER (PARTITION BY source, order_id ORDER BY weight DESC, position) AS ahead
  FROM weighed
)
SELECT
  r.position, r.segment,
  CASE
    WHEN s.weight = r.weight OR r.ahead = r.weight THEN 'duplicate'
    WHEN s.weight > r.weight OR r.place > 1 THEN 'superseded'
    ELSE 'loaded'
  END AS outcome,
  s.order_key AS replaces
FROM ranked r
LEFT JOIN stored s ON s.source = r.source AND s.order_id = r.order_id
