-- Grain: one row an order record of the files at hand that does not count, by its place: its segment file has a past
-- record of its order, and it is not the first of those that equal the head.
CREATE OR REPLACE TEMP TABLE not_counting AS
SELECT a.rowid AS position
FROM arrived a
JOIN held_past p ON p.order_key = a.order_key AND p.segment = a.segment
WHERE a.type = 'order'
  AND a.rowid NOT IN (
    SELECT MIN(b.rowid)
    FROM arrived b
    JOIN held_contested c ON c.order_key = b.order_key AND c.segment = b.segment AND c.source = b.source
      AND c.order_id = b.order_id AND c.revision = b.revision AND c.status = b.status
    WHERE b.type = 'order'
    GROUP BY b.order_key, b.source, b.order_id, b.segment
  )
