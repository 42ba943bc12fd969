-- Grain: one row a record of the archive's files at hand, in the order they were accepted.
-- Sources: Parquet files of the archive, one a business date, so that only sorting gives back what was accepted
-- when. Same columns as `arrived.sql`.
CREATE OR REPLACE TEMP TABLE arrived AS
SELECT
  * EXCLUDE (position, ordered_at_ms, promised_at_ms, completed_at_ms, accepted_at_ms),
  make_timestamp_ms(ordered_at_ms) AS ordered_at,
  make_timestamp_ms(promised_at_ms) AS promised_at,
  make_timestamp_ms(completed_at_ms) AS completed_at,
  make_timestamp_ms(accepted_at_ms) AS accepted_at
FROM read_parquet($paths, hive_partitioning = false, union_by_name = true)
ORDER BY segment, position
