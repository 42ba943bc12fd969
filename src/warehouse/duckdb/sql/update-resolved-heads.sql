UPDATE order_head SET market_state = p.market_state, business_date = p.business_date
FROM resolved p
WHERE order_head.rowid = p.position
