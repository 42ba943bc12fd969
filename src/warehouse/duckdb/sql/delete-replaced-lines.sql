-- The dates keep the search to the days of the replaced orders.
DELETE FROM order_line
WHERE order_key IN (SELECT replaces FROM ruled WHERE stays AND replaces IS NOT NULL)
  AND business_date BETWEEN (SELECT MIN(business_date) FROM stored) AND (SELECT MAX(business_date) FROM stored)
