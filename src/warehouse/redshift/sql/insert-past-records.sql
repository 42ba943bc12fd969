-- Grain: one row an order record that does not count, or from now on no longer does.
INSERT INTO past_record
SELECT
  a.order_key, a.source, a.order_id, a.revision, a.status,
  CASE WHEN r.outcome IN ('loaded', 'replacing') THEN 'replaced' ELSE r.outcome END, a.accepted_at, a.segment
FROM arrived a
JOIN ruled r ON r.position = a.position AND r.stays = 0
UNION ALL
SELECT h.order_key, h.source, h.order_id, h.revision, h.status, 'replaced', h.accepted_at, h.segment
FROM order_head h
JOIN arrived a ON a.order_key = h.order_key AND a.source = h.source AND a.order_id = h.order_id
JOIN ruled r ON r.position = a.position AND r.stays = 1
