-- Grain: one row a segment file at hand; the prints are those of verify-held-segments.sql.
INSERT INTO found_segment
SELECT
  $place, r.segment, r.records, r.orders, r.rejects, r.drops, r.order_print, COALESCE(h.heads, 0), COALESCE(h.head_print, 0),
  COALESCE(l.lines, 0), COALESCE(l.line_print, 0)
FROM (
  SELECT
    segment, COUNT(*) AS records, COUNT(*) FILTER (WHERE type = 'order') AS orders,
    COUNT(*) FILTER (WHERE type = 'reject') AS rejects, COUNT(*) FILTER (WHERE type = 'drop') AS drops,
    COALESCE(SUM(hash(order_key, source, order_id, revision, status, accepted_at)) FILTER (WHERE type = 'order'), 0) AS order_print
  FROM arrived
  GROUP BY segment
) r
LEFT JOIN (
  SELECT
    segment, COUNT(*) AS heads,
    SUM(hash(order_key, source, order_id, revision, status, accepted_at, ordered_at, utc_offset_minutes, store_id, customer_id,
      channel, deliver_state, deliver_city, deliver_zip, promised_at, completed_at, net_cents)) AS head_print
  FROM counting
  GROUP BY segment
) h ON h.segment = r.segment
LEFT JOIN (
  SELECT
    segment, COUNT(*) AS lines,
    SUM(hash(order_key, line, kind, menu_item, combination, size, quantity, gross_cents, discount_cents, ordered_at, store_id,
      channel, customer_id, accepted_at)) AS line_print
  FROM counting_line
  GROUP BY segment
) l ON l.segment = r.segment
