-- Grain: one row a line that contradicts itself: its net, weekday, combination or the number of its customer.
SELECT l.segment, l.order_key::VARCHAR AS order_key, l.line, h.source, h.order_id
FROM order_line l
LEFT JOIN combination c ON c.combination_id = l.combination_id
LEFT JOIN order_head h ON h.order_key = l.order_key AND h.segment = l.segment
WHERE l.segment IN (SELECT segment FROM held_segment WHERE contradictions > 0)
  AND (l.net_cents <> l.gross_cents - l.discount_cents OR l.local_weekday <> isodow(l.business_date)
    OR (l.combination_id IS NULL) <> (c.combination IS NULL)
    OR l.customer_key IS DISTINCT FROM CAST(md5_number_lower(l.customer_id) >> 1 AS BIGINT))
ORDER BY 1, 2, 3
