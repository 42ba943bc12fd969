-- Grain: one row a day of acceptance and source of this load. What only takes something out of quarantine is left out.
CREATE TEMP TABLE new_book AS
SELECT
  CAST(accepted_at AS DATE) AS day, source, COUNT(*) AS received,
  SUM(CASE WHEN outcome IN ('loaded', 'replacing') THEN 1 ELSE 0 END) AS loaded,
  SUM(CASE WHEN outcome = 'duplicate' THEN 1 ELSE 0 END) AS duplicates,
  SUM(CASE WHEN outcome = 'superseded' THEN 1 ELSE 0 END) AS superseded,
  SUM(CASE WHEN outcome = 'quarantined' THEN 1 ELSE 0 END) AS quarantined
FROM outcome
WHERE outcome <> 'dropped'
GROUP BY CAST(accepted_at AS DATE), source
