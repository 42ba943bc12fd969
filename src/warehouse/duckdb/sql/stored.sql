-- Grain: one row an order that is stored already and may have come again.
-- Sources: order_head, narrowed by the keys that the filter in memory could not rule out. Source and order_id
-- are compared too, so that two orders with one hash stay two.
CREATE OR REPLACE TEMP TABLE stored AS
SELECT h.order_key, h.source, h.order_id, h.business_date,
  2 * h.revision + CASE WHEN h.status = 'voided' THEN 1 ELSE 0 END AS weight
FROM order_head h
WHERE h.order_key IN (SELECT unnest($keys))
