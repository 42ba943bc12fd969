-- Grain: one row a segment file in the ledger.
CREATE OR REPLACE TEMP TABLE held_ledger AS
SELECT
  segment, COUNT(*) AS copies, MAX(records) AS records, MAX(loaded) AS loaded, MAX(duplicates) AS duplicates,
  MAX(superseded) AS superseded, MAX(quarantined) AS quarantined, MAX(COALESCE(dropped, 0)) AS dropped,
  MAX(replaced) AS replaced, MIN(CAST(first_accepted_at AS DATE)) AS first_day,
  segment <= (SELECT MAX(segment) FROM book_start) AS before_books
FROM load_ledger
GROUP BY segment
