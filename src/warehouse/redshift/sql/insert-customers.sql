INSERT INTO customer
SELECT i.customer_id, i.home_state, i.home_city, i.home_zip, n.valid_from, TIMESTAMP '9999-12-31 00:00:00', i.origin
FROM incoming i
JOIN next_version n ON n.customer_id = i.customer_id
