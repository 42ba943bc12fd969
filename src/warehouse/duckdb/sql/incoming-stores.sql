-- Grain: one row a store of a part of the file; of several with one id the last counts.
CREATE OR REPLACE TEMP TABLE incoming AS
SELECT * FROM file_row
WHERE hash(store_id) % $parts = $part
QUALIFY ROW_NUMBER() OVER (PARTITION BY store_id ORDER BY position DESC) = 1
