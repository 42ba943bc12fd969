-- Grain: one row a day of acceptance and source, with what its book says and what the tables hold.
-- Sources: book, order_head, past_record. What came before the books is summed from the ledger, as when they began.
CREATE OR REPLACE TEMP TABLE held_book AS
WITH parts AS (
  SELECT day, source, 1 AS books, received, loaded, duplicates, superseded, quarantined,
    0 AS held_loaded, 0 AS held_duplicates, 0 AS held_superseded, 0 AS early_received, 0 AS early_quarantined
  FROM book
  UNION ALL
  SELECT CAST(accepted_at AS DATE), source, 0, 0, 0, 0, 0, 0, COUNT(*), 0, 0, 0, 0
  FROM order_head
  WHERE segment > (SELECT MAX(segment) FROM book_start)
  GROUP BY ALL
  UNION ALL
  SELECT CAST(accepted_at AS DATE), source, 0, 0, 0, 0, 0, 0, COUNT(*) FILTER (WHERE outcome = 'replaced'),
    COUNT(*) FILTER (WHERE outcome = 'duplicate'), COUNT(*) FILTER (WHERE outcome = 'superseded'), 0, 0
  FROM past_record
  WHERE segment > (SELECT MAX(segment) FROM book_start)
  GROUP BY ALL
  UNION ALL
  SELECT first_day, '(all sources)', 0, 0, 0, 0, 0, 0, SUM(loaded), SUM(duplicates), SUM(superseded), SUM(records),
    SUM(quarantined)
  FROM held_ledger
  WHERE before_books
  GROUP BY ALL
)
SELECT
  day, source, CAST(SUM(books) AS BIGINT) AS books, CAST(SUM(received) AS BIGINT) AS received,
  CAST(SUM(loaded) AS BIGINT) AS loaded, CAST(SUM(duplicates) AS BIGINT) AS duplicates,
  CAST(SUM(superseded) AS BIGINT) AS superseded, CAST(SUM(quarantined) AS BIGINT) AS quarantined,
  CAST(SUM(held_loaded) AS BIGINT) AS held_loaded, CAST(SUM(held_duplicates) AS BIGINT) AS held_duplicates,
  CAST(SUM(held_superseded) AS BIGINT) AS held_superseded, CAST(SUM(early_received) AS BIGINT) AS early_received,
  CAST(SUM(early_quarantined) AS BIGINT) AS early_quarantined
FROM parts
GROUP BY day, source
