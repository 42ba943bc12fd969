-- Grain: one row a segment file, with what the tables hold of it.
-- Sources: order_head, past_record, order_line. A print is a sum of hashes: it says whether two sides hold the same
-- rows, whatever their order, without a join of all rows. `order_print` is of the identities of all order records,
-- `head_print` of the orders that count, `line_print` of their lines. `due` and `paid` are the cents of orders and of
-- lines, each weighed by its order, so that what one order has too many does not make up for what another lacks.
CREATE OR REPLACE TEMP TABLE held_segment AS
WITH parts AS (
  SELECT
    segment, COUNT(*) AS heads, COUNT(*) AS loaded, 0 AS duplicates, 0 AS superseded,
    SUM(hash(order_key, source, order_id, revision, status, accepted_at)) AS order_print,
    SUM(hash(order_key, source, order_id, revision, status, accepted_at, ordered_at, utc_offset_minutes, store_id, customer_id,
      channel, deliver_state, deliver_city, deliver_zip, promised_at, completed_at, net_cents)) AS head_print,
    0 AS lines, 0 AS line_print, 0 AS contradictions,
    SUM(CASE WHEN status = 'placed' THEN (CAST(hash(order_key) & 1048575 AS BIGINT) + 1) * net_cents ELSE 0 END) AS due,
    SUM(CASE WHEN status = 'placed' THEN CAST(hash(order_key) & 1048575 AS BIGINT) + 1 ELSE 0 END) AS due_orders,
    0 AS paid, 0 AS paid_orders
  FROM order_head
  GROUP BY segment
  UNION ALL
  SELECT
    segment, 0, COUNT(*) FILTER (WHERE outcome = 'replaced'), COUNT(*) FILTER (WHERE outcome = 'duplicate'),
    COUNT(*) FILTER (WHERE outcome = 'superseded'),
    SUM(hash(order_key, source, order_id, revision, status, accepted_at)), 0, 0, 0, 0, 0, 0, 0, 0
  FROM past_record
  GROUP BY segment
  UNION ALL
  SELECT
    l.segment, 0, 0, 0, 0, 0, 0, COUNT(*),
    SUM(hash(l.order_key, l.line, l.kind, l.menu_item, c.combination, l.size, l.quantity, l.gross_cents, l.discount_cents,
      l.ordered_at, l.store_id, l.channel, l.customer_id, l.accepted_at)),
    COUNT(*) FILTER (
      WHERE l.net_cents <> l.gross_cents - l.discount_cents OR l.local_weekday <> isodow(l.business_date)
         OR (l.combination_id IS NULL) <> (c.combination IS NULL)
         OR l.customer_key IS DISTINCT FROM CAST(md5_number_lower(l.customer_id) >> 1 AS BIGINT)),
    0, 0,
    SUM((CAST(hash(l.order_key) & 1048575 AS BIGINT) + 1) * l.net_cents),
    SUM(CASE WHEN l.line = 1 THEN CAST(hash(l.order_key) & 1048575 AS BIGINT) + 1 ELSE 0 END)
  FROM order_line l
  LEFT JOIN combination c ON c.combination_id = l.combination_id
  GROUP BY l.segment
)
SELECT
  segment, SUM(heads) AS heads, SUM(loaded) AS loaded, SUM(duplicates) AS duplicates, SUM(superseded) AS superseded,
  SUM(order_print) AS order_print, SUM(head_print) AS head_print, SUM(lines) AS lines, SUM(line_print) AS line_print,
  SUM(contradictions) AS contradictions, SUM(due) AS due, SUM(due_orders) AS due_orders, SUM(paid) AS paid,
  SUM(paid_orders) AS paid_orders
FROM parts
GROUP BY segment
