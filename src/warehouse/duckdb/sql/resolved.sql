-- Grain: one row an order, with the place, the local time and the business date it counts in.
-- Sources: the orders to resolve, store, customer. The store decides; else the delivery address; else the
-- customer's home; each as it was when the order was placed. Customers are joined only to the few orders that need them: the table is the largest of the
-- three. An offset from UTC holds for a quarter of an hour at least, so it is looked up once for each zone and
-- quarter, not once an order.
CREATE OR REPLACE TEMP TABLE resolved AS
WITH unresolved AS MATERIALIZED (
  -- one of the unresolved-….sql
),
placed AS MATERIALIZED (
  SELECT
    u.*, s.state, s.city, s.zip, s.time_zone, COALESCE(s.closeout_hour, 4) AS closeout_hour,
    time_bucket(INTERVAL 15 MINUTE, u.ordered_at) AS quarter
  FROM unresolved u
  LEFT JOIN store s ON s.store_id = u.store_id AND u.ordered_at >= s.valid_from AND u.ordered_at < s.valid_to
),
homes AS (
  SELECT p.position, c.home_state, c.home_city, c.home_zip
  FROM placed p
  JOIN customer c ON c.customer_id = p.customer_id AND p.ordered_at >= c.valid_from AND p.ordered_at < c.valid_to
  WHERE p.state IS NULL AND p.deliver_state IS NULL
),
shifts AS (
  SELECT q.time_zone, q.quarter, timezone(q.time_zone, timezone('UTC', q.quarter)) - q.quarter AS shift
  FROM (SELECT DISTINCT time_zone, quarter FROM placed WHERE time_zone IS NOT NULL) q
),
local AS (
  SELECT
    p.*, p.ordered_at + COALESCE(z.shift, to_minutes(p.utc_offset_minutes)) AS local_at
  FROM placed p
  LEFT JOIN shifts z ON z.time_zone = p.time_zone AND z.quarter = p.quarter
)
SELECT
  l.position, l.order_key,
  COALESCE(l.state, l.deliver_state, h.home_state, 'unresolved') AS market_state,
  CASE WHEN l.state IS NOT NULL THEN l.city WHEN l.deliver_state IS NOT NULL THEN l.deliver_city ELSE h.home_city END AS city,
  CASE WHEN l.state IS NOT NULL THEN l.zip WHEN l.deliver_state IS NOT NULL THEN l.deliver_zip ELSE h.home_zip END AS zip,
  CAST(hour(l.local_at) AS TINYINT) AS local_hour,
  CAST(l.local_at - to_hours(l.closeout_hour) AS DATE) AS business_date
FROM local l
LEFT JOIN homes h ON h.position = l.position
