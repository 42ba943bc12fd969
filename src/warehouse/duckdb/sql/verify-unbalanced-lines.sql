-- Grain: one row an order whose lines do not add up to it, have no order, or should not be there.
-- Sources: order_head, order_line, of the segment files in which the sums say that there is one.
WITH suspects AS (
  SELECT segment FROM held_segment WHERE due <> paid OR due_orders <> paid_orders
),
heads AS (
  SELECT order_key, segment, MIN(source) AS source, MIN(order_id) AS order_id, MIN(status) AS status,
    SUM(CASE WHEN status = 'placed' THEN net_cents ELSE 0 END) AS due
  FROM order_head
  WHERE segment IN (SELECT segment FROM suspects)
  GROUP BY ALL
),
lines AS (
  SELECT order_key, segment, COUNT(*) AS lines, COUNT(*) FILTER (WHERE line = 1) AS firsts, SUM(net_cents) AS paid
  FROM order_line
  WHERE segment IN (SELECT segment FROM suspects)
  GROUP BY ALL
)
SELECT
  COALESCE(h.segment, l.segment) AS segment, h.source, h.order_id, COALESCE(h.order_key, l.order_key)::VARCHAR AS order_key,
  h.status, h.due, COALESCE(l.lines, 0) AS lines, COALESCE(l.paid, 0) AS paid
FROM heads h
FULL JOIN lines l ON l.order_key = h.order_key AND l.segment = h.segment
WHERE h.order_key IS NULL
   OR h.due <> COALESCE(l.paid, 0)
   OR COALESCE(l.firsts, 0) <> CASE WHEN h.status = 'placed' THEN 1 ELSE 0 END
   OR (h.status = 'voided' AND l.lines > 0)
ORDER BY 1, 4
