-- Grain: one row a line of a part of a month, in the order that lets a report pass over most of the table.
-- A part goes from one state and date up to, and without, another.
CREATE OR REPLACE TEMP TABLE part AS
SELECT *
FROM order_line
WHERE business_date >= CAST($month AS DATE) AND business_date < CAST($month AS DATE) + INTERVAL 1 MONTH
  AND (combination_id IS NULL) = $other
  -- Said twice, so that row groups of other states are not read.
  AND market_state >= $from_state AND (CAST($to_state AS VARCHAR) IS NULL OR market_state <= CAST($to_state AS VARCHAR))
  AND (market_state > $from_state OR business_date >= CAST($from_date AS DATE))
  AND (
    CAST($to_state AS VARCHAR) IS NULL OR market_state < CAST($to_state AS VARCHAR)
    OR business_date < CAST($to_date AS DATE)
  )
ORDER BY market_state, business_date
