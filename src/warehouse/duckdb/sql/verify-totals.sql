-- Grain: one row. Everything that was loaded and not replaced is the head of an order; the books are the ledger, by
-- day and source.
SELECT
  CAST((SELECT COUNT(*) FROM order_head) AS BIGINT) AS heads,
  CAST(COALESCE(SUM(loaded), 0) AS BIGINT) AS loaded,
  CAST(COALESCE(SUM(replaced), 0) AS BIGINT) AS replaced,
  CAST(COALESCE(SUM(records - COALESCE(dropped, 0)), 0) AS BIGINT) AS received,
  CAST(COALESCE(SUM(duplicates), 0) AS BIGINT) AS duplicates,
  CAST(COALESCE(SUM(superseded), 0) AS BIGINT) AS superseded,
  CAST(COALESCE(SUM(quarantined), 0) AS BIGINT) AS quarantined,
  CAST((SELECT COALESCE(SUM(received), 0) FROM book) AS BIGINT) AS book_received,
  CAST((SELECT COALESCE(SUM(loaded), 0) FROM book) AS BIGINT) AS book_loaded,
  CAST((SELECT COALESCE(SUM(duplicates), 0) FROM book) AS BIGINT) AS book_duplicates,
  CAST((SELECT COALESCE(SUM(superseded), 0) FROM book) AS BIGINT) AS book_superseded,
  CAST((SELECT COALESCE(SUM(quarantined), 0) FROM book) AS BIGINT) AS book_quarantined
FROM load_ledger
