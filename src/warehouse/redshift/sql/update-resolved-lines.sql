UPDATE order_line SET
  market_state = p.market_state, city = p.city, zip = p.zip, local_hour = p.local_hour,
  business_date = p.business_date, local_weekday = p.local_weekday
FROM resolved p
WHERE order_line.order_key = p.order_key
