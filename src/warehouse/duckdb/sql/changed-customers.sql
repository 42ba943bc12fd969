-- Grain: one row a customer whose orders may count elsewhere now.
CREATE OR REPLACE TEMP TABLE changed AS
SELECT i.customer_id
FROM incoming i
LEFT JOIN customer c ON c.customer_id = i.customer_id AND c.valid_to = TIMESTAMP '9999-12-31'
WHERE i.gone
   OR c.customer_id IS NULL
   OR (c.home_state, c.home_city, c.home_zip) IS DISTINCT FROM (i.home_state, i.home_city, i.home_zip)
