-- Grain: one row an order record that arrived, with its outcome.
-- Sources: arrived; order_head, where the order may be already. Each record is weighed against those that came before
-- it, in this load or an earlier one, so that its outcome is the same however records are grouped into loads. A higher
-- revision is loaded; a void beats an order of its own revision, because tills that have no revisions void by sending
-- the order again. `stays` is 1 for the one that is the head of its order afterwards, so there is one at most: MERGE
-- refuses a head that two rows match.
CREATE TEMP TABLE ruled AS
WITH weighed AS (
  SELECT
    position, order_key, source, order_id,
    2 * revision + CASE WHEN status = 'voided' THEN 1 ELSE 0 END AS weight
  FROM arrived
  WHERE type = 'order'
),
compared AS (
  SELECT
    w.position, w.weight,
    CASE WHEN h.order_key IS NULL THEN 0 ELSE 1 END AS is_stored,
    MAX(w.weight) OVER (PARTITION BY w.source, w.order_id) AS best,
    GREATEST(2 * h.revision + CASE WHEN h.status = 'voided' THEN 1 ELSE 0 END, MAX(w.weight) OVER (
      PARTITION BY w.source, w.order_id ORDER BY w.position ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    )) AS best_before
  FROM weighed w
  LEFT JOIN order_head h ON h.order_key = w.order_key AND h.source = w.source AND h.order_id = w.order_id
)
SELECT
  position, is_stored,
  CASE
    WHEN best_before IS NULL THEN 'loaded'
    WHEN weight > best_before THEN 'replacing'
    WHEN weight = best_before THEN 'duplicate'
    ELSE 'superseded'
  END AS outcome,
  CASE WHEN (best_before IS NULL OR weight > best_before) AND weight = best THEN 1 ELSE 0 END AS stays
FROM compared
