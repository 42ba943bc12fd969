-- Before the heads are merged, which still say on which days these lines lie.
DELETE FROM order_line
WHERE order_key IN (
  SELECT a.order_key FROM arrived a JOIN ruled r ON r.position = a.position AND r.stays = 1 AND r.is_stored = 1
)
AND business_date BETWEEN
  (SELECT MIN(h.business_date) FROM order_head h WHERE h.order_key IN (SELECT order_key FROM resolved))
  AND (SELECT MAX(h.business_date) FROM order_head h WHERE h.order_key IN (SELECT order_key FROM resolved))
