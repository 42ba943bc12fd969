-- Grain: one row an order whose records in some segment files are not those that the tables hold of these files.
WITH filed AS (
  SELECT segment, source, order_id,
    list_sort(list('revision ' || revision || ', ' || status || ', accepted ' || accepted_at || ', key ' || order_key)) AS records
  FROM arrived
  WHERE type = 'order'
  GROUP BY ALL
),
held AS (
  SELECT segment, source, order_id,
    list_sort(list('revision ' || revision || ', ' || status || ', accepted ' || accepted_at || ', key ' || order_key)) AS records
  FROM (
    SELECT segment, source, order_id, revision, status, accepted_at, order_key FROM order_head
    UNION ALL
    SELECT segment, source, order_id, revision, status, accepted_at, order_key FROM past_record
  ) h
  WHERE segment IN (SELECT unnest($segments))
  GROUP BY ALL
)
SELECT
  COALESCE(f.segment, h.segment) AS segment, COALESCE(f.source, h.source) AS source, COALESCE(f.order_id, h.order_id) AS order_id,
  COALESCE(len(f.records), 0) AS filed, COALESCE(len(h.records), 0) AS held,
  array_to_string(f.records, '; ') AS filed_records, array_to_string(h.records, '; ') AS held_records
FROM filed f
FULL JOIN held h ON h.segment = f.segment AND h.source = f.source AND h.order_id = f.order_id
WHERE f.records IS DISTINCT FROM h.records
ORDER BY 1, 2, 3
