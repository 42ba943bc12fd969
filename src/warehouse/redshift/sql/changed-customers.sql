-- Grain: one row a customer whose orders may count elsewhere now. Two NULLs are the same; no text is a line break.
CREATE TEMP TABLE changed AS
SELECT i.customer_id
FROM incoming i
LEFT JOIN customer c ON c.customer_id = i.customer_id AND c.valid_to = TIMESTAMP '9999-12-31 00:00:00'
WHERE i.is_gone = 1
   OR c.customer_id IS NULL
   OR COALESCE(c.home_state, CHR(10)) <> COALESCE(i.home_state, CHR(10))
   OR COALESCE(c.home_city, CHR(10)) <> COALESCE(i.home_city, CHR(10))
   OR COALESCE(c.home_zip, CHR(10)) <> COALESCE(i.home_zip, CHR(10))
