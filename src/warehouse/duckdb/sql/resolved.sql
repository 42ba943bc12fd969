-- Grain: one row an order, with the place, the local time and the business date it counts in.
-- Sources: unresolved, store, customer. The store decides; else the delivery address; else the customer's home.
-- Customers are joined only to the few orders that need them: the table is the largest of the three.
CREATE OR REPLACE TEMP TABLE resolved AS
WITH homes AS (
  SELECT u.position, c.home_state, c.home_city, c.home_zip
  FROM unresolved u
  JOIN customer c ON c.customer_id = u.customer_id
  WHERE u.deliver_state IS NULL AND NOT EXISTS (SELECT 1 FROM store s WHERE s.store_id = u.store_id)
),
placed AS (
  SELECT
    u.position, u.order_key,
    COALESCE(s.state, u.deliver_state, h.home_state, 'unresolved') AS market_state,
    CASE WHEN s.state IS NOT NULL THEN s.city WHEN u.deliver_state IS NOT NULL THEN u.deliver_city ELSE h.home_city END AS city,
    CASE WHEN s.state IS NOT NULL THEN s.zip WHEN u.deliver_state IS NOT NULL THEN u.deliver_zip ELSE h.home_zip END AS zip,
    CASE
      WHEN s.time_zone IS NOT NULL THEN timezone(s.time_zone, timezone('UTC', u.ordered_at))
      ELSE u.ordered_at + to_minutes(u.utc_offset_minutes)
    END AS local_at,
    COALESCE(s.closeout_hour, 4) AS closeout_hour
  FROM unresolved u
  LEFT JOIN store s ON s.store_id = u.store_id
  LEFT JOIN homes h ON h.position = u.position
)
SELECT
  position, order_key, market_state, city, zip,
  CAST(hour(local_at) AS TINYINT) AS local_hour,
  CAST(local_at - to_hours(closeout_hour) AS DATE) AS business_date
FROM placed
