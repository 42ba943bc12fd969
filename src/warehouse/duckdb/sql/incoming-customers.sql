-- Grain: one row a customer of a part of the file; of several with one id the last counts.
CREATE OR REPLACE TEMP TABLE incoming AS
SELECT * FROM file_row
WHERE hash(customer_id) % $parts = $part
QUALIFY ROW_NUMBER() OVER (PARTITION BY customer_id ORDER BY position DESC) = 1
