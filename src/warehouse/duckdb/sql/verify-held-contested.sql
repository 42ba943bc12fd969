-- Grain: one row a head whose segment file holds other records of its order too. Among equals the first counts.
CREATE OR REPLACE TEMP TABLE held_contested AS
SELECT DISTINCT h.order_key, h.source, h.order_id, h.segment, h.revision, h.status
FROM order_head h
JOIN held_past p ON p.order_key = h.order_key AND p.segment = h.segment
