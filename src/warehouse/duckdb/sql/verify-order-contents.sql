-- Grain: one row an order that counts and is in the tables with other contents than in its segment file.
SELECT * FROM (
  SELECT
    c.segment, c.source, c.order_id,
    array_to_string([name FOR name IN [
      CASE WHEN c.ordered_at IS DISTINCT FROM h.ordered_at THEN 'ordered_at' END,
      CASE WHEN c.utc_offset_minutes IS DISTINCT FROM h.utc_offset_minutes THEN 'utc_offset_minutes' END,
      CASE WHEN c.store_id IS DISTINCT FROM h.store_id THEN 'store_id' END,
      CASE WHEN c.customer_id IS DISTINCT FROM h.customer_id THEN 'customer_id' END,
      CASE WHEN c.channel IS DISTINCT FROM h.channel THEN 'channel' END,
      CASE WHEN (c.deliver_state, c.deliver_city, c.deliver_zip) IS DISTINCT FROM (h.deliver_state, h.deliver_city, h.deliver_zip)
        THEN 'deliver_to' END,
      CASE WHEN c.promised_at IS DISTINCT FROM h.promised_at THEN 'promised_at' END,
      CASE WHEN c.completed_at IS DISTINCT FROM h.completed_at THEN 'completed_at' END,
      CASE WHEN c.net_cents IS DISTINCT FROM h.net_cents THEN 'net_cents (' || c.net_cents || ' in the file, ' || h.net_cents || ' in the tables)' END
    ] IF name IS NOT NULL], ', ') AS fields
  FROM counting c
  JOIN order_head h ON h.segment = c.segment AND h.order_key = c.order_key AND h.source = c.source AND h.order_id = c.order_id
) d
WHERE fields <> ''
ORDER BY 1, 2, 3
