-- Grain: one row a store whose orders may count elsewhere now.
CREATE OR REPLACE TEMP TABLE changed AS
SELECT i.store_id
FROM incoming i
LEFT JOIN store s ON s.store_id = i.store_id AND s.valid_to = TIMESTAMP '9999-12-31'
WHERE i.gone
   OR s.store_id IS NULL
   OR (s.state, s.city, s.zip, s.time_zone, s.closeout_hour) IS DISTINCT FROM (i.state, i.city, i.zip, i.time_zone, i.closeout_hour)
