-- Grain: one row an order, with the place, the local time and the business date it counts in.
-- Sources: unresolved, store, zone_shift, customer. The store decides; else the delivery address; else the customer's
-- home; each as it was when the order was placed. Customers are joined only to the few orders that need them: the
-- table is the largest. Times are added up as seconds since 1970, which every engine does alike.
CREATE TEMP TABLE resolved AS
WITH placed AS (
  SELECT
    u.order_key, u.source, u.order_id, u.ordered_at, u.customer_id, u.deliver_state, u.deliver_city, u.deliver_zip,
    s.state, s.city, s.zip, COALESCE(s.closeout_hour, 4) AS closeout_hour,
    CAST(FLOOR(EXTRACT(EPOCH FROM u.ordered_at)) AS BIGINT)
      + 60 * COALESCE(z.shift_minutes, u.utc_offset_minutes) AS local_seconds
  FROM unresolved u
  LEFT JOIN store s ON s.store_id = u.store_id AND u.ordered_at >= s.valid_from AND u.ordered_at < s.valid_to
  LEFT JOIN zone_shift z ON z.time_zone = s.time_zone AND u.ordered_at >= z.starts_at AND u.ordered_at < z.ends_at
),
homes AS (
  SELECT p.order_key, p.source, p.order_id, c.home_state, c.home_city, c.home_zip
  FROM placed p
  JOIN customer c ON c.customer_id = p.customer_id AND p.ordered_at >= c.valid_from AND p.ordered_at < c.valid_to
  WHERE p.state IS NULL AND p.deliver_state IS NULL
),
dated AS (
  SELECT
    p.*,
    CAST(DATE '1970-01-01' + CAST(FLOOR((p.local_seconds - 3600 * p.closeout_hour) / 86400.0) AS INTEGER) AS DATE) AS business_date
  FROM placed p
)
SELECT
  d.order_key, d.source, d.order_id, d.business_date,
  COALESCE(d.state, d.deliver_state, h.home_state, 'unresolved') AS market_state,
  CASE WHEN d.state IS NOT NULL THEN d.city WHEN d.deliver_state IS NOT NULL THEN d.deliver_city ELSE h.home_city END AS city,
  CASE WHEN d.state IS NOT NULL THEN d.zip WHEN d.deliver_state IS NOT NULL THEN d.deliver_zip ELSE h.home_zip END AS zip,
  CAST(FLOOR(d.local_seconds / 3600.0) - 24 * FLOOR(d.local_seconds / 86400.0) AS SMALLINT) AS local_hour,
  CAST(CASE WHEN EXTRACT(DOW FROM d.business_date) = 0 THEN 7 ELSE EXTRACT(DOW FROM d.business_date) END AS SMALLINT) AS local_weekday
FROM dated d
LEFT JOIN homes h ON h.order_key = d.order_key AND h.source = d.source AND h.order_id = d.order_id
