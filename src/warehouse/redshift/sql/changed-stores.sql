-- Grain: one row a store whose orders may count elsewhere now. Two NULLs are the same; no text is a line break.
CREATE TEMP TABLE changed AS
SELECT i.store_id
FROM incoming i
LEFT JOIN store s ON s.store_id = i.store_id AND s.valid_to = TIMESTAMP '9999-12-31 00:00:00'
WHERE i.is_gone = 1
   OR s.store_id IS NULL
   OR s.state <> i.state
   OR COALESCE(s.city, CHR(10)) <> COALESCE(i.city, CHR(10))
   OR COALESCE(s.zip, CHR(10)) <> COALESCE(i.zip, CHR(10))
   OR s.time_zone <> i.time_zone
   OR s.closeout_hour <> i.closeout_hour
