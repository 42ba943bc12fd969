-- Grain: one row an order record that arrived and may not be the only one of its order, with its outcome.
-- Sources: arrived, narrowed to the keys in question; stored. Each record is weighed against those that came before
-- it, in this load or an earlier one, so that its outcome is the same however records are grouped into loads: the
-- books can be made anew. A higher revision is loaded; a void beats an order of its own revision, because tills that
-- have no revisions void by sending the order again. `stays` is the one that is the head of its order afterwards.
CREATE OR REPLACE TEMP TABLE ruled AS
WITH weighed AS (
  SELECT
    rowid AS position, source, order_id,
    2 * revision + CASE WHEN status = 'voided' THEN 1 ELSE 0 END AS weight
  FROM arrived
  WHERE type = 'order' AND order_key IN (SELECT unnest($keys))
),
compared AS (
  SELECT
    w.position, w.weight, s.order_key AS replaces,
    MAX(w.weight) OVER (PARTITION BY w.source, w.order_id) AS best,
    GREATEST(s.weight, MAX(w.weight) OVER (
      PARTITION BY w.source, w.order_id ORDER BY w.position ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    )) AS best_before
  FROM weighed w
  LEFT JOIN stored s ON s.source = w.source AND s.order_id = w.order_id
)
SELECT
  position,
  CASE
    WHEN best_before IS NULL THEN 'loaded'
    WHEN weight > best_before THEN 'replacing'
    WHEN weight = best_before THEN 'duplicate'
    ELSE 'superseded'
  END AS outcome,
  COALESCE(weight > best_before, TRUE) AND weight = best AS stays,
  replaces
FROM compared
