-- Grain: one row an order with several heads. By key first: that is a group-by of numbers.
SELECT source, order_id, COUNT(*) AS heads, MIN(segment) AS segment
FROM order_head
WHERE order_key IN (SELECT order_key FROM order_head GROUP BY order_key HAVING COUNT(*) > 1)
GROUP BY source, order_id
HAVING COUNT(*) > 1
ORDER BY source, order_id
