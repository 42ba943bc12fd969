-- Grain: one row an order, or a line, that counts elsewhere than resolving it again says.
SELECT h.source, h.order_id, h.segment, NULL AS line, h.market_state, CAST(h.business_date AS VARCHAR) AS business_date,
  p.market_state AS right_state, CAST(p.business_date AS VARCHAR) AS right_date
FROM resolved p
JOIN order_head h ON h.rowid = p.position
WHERE h.market_state <> p.market_state OR h.business_date <> p.business_date
UNION ALL
SELECT h.source, h.order_id, l.segment, l.line, l.market_state, CAST(l.business_date AS VARCHAR), p.market_state,
  CAST(p.business_date AS VARCHAR)
FROM resolved p
JOIN order_line l ON l.order_key = p.order_key
JOIN order_head h ON h.rowid = p.position
WHERE l.market_state <> p.market_state OR l.business_date <> p.business_date OR l.local_hour <> p.local_hour
   OR l.city IS DISTINCT FROM p.city OR l.zip IS DISTINCT FROM p.zip
ORDER BY 1, 2, 4 NULLS FIRST
