-- A replay takes a record out whatever became of its order; a drop only what still waits.
UPDATE quarantine SET status = a.status, resolved_at = CAST($loaded_at AS TIMESTAMP)
FROM (
  SELECT COALESCE(replays, quarantine_id) AS quarantine_id, MAX(CASE WHEN type = 'drop' THEN 'dropped' ELSE 'replayed' END) AS status
  FROM arrived
  WHERE type = 'drop' OR replays IS NOT NULL
  GROUP BY 1
) a
WHERE quarantine.quarantine_id = a.quarantine_id
  AND (quarantine.status = 'waiting' OR a.status = 'replayed')
