UPDATE order_head SET market_state = p.market_state, business_date = p.business_date
FROM resolved p
WHERE order_head.order_key = p.order_key AND order_head.source = p.source AND order_head.order_id = p.order_id
