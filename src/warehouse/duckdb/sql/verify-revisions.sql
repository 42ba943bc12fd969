-- Grain: one row a record that should count instead of the head of its order, or whose order has no head.
SELECT p.source, p.order_id, p.revision, p.status, p.segment, h.revision AS head_revision, h.status AS head_status
FROM past_record p
LEFT JOIN order_head h ON h.order_key = p.order_key AND h.source = p.source AND h.order_id = p.order_id
WHERE h.order_key IS NULL
   OR 2 * p.revision + CASE WHEN p.status = 'voided' THEN 1 ELSE 0 END
    > 2 * h.revision + CASE WHEN h.status = 'voided' THEN 1 ELSE 0 END
ORDER BY p.source, p.order_id, p.revision
