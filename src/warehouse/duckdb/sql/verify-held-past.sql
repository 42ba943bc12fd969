-- Grain: one row an order and segment file with a record that is not the head of its order: which records of a
-- segment file do not count. All others do.
CREATE OR REPLACE TEMP TABLE held_past AS
SELECT DISTINCT order_key, segment
FROM past_record
WHERE segment BETWEEN $first AND $last
