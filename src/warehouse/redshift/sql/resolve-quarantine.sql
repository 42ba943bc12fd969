-- A replay takes a record out whatever became of its order; a drop only what still waits. What comes before the
-- record itself, in its own load, takes nothing out: so it is when they come in loads of their own.
UPDATE quarantine SET status = a.status, resolved_at = CAST($loaded_at AS TIMESTAMP)
FROM (
  SELECT q.quarantine_id, MAX(CASE WHEN t.type = 'drop' THEN 'dropped' ELSE 'replayed' END) AS status
  FROM arrived t
  JOIN quarantine q ON q.quarantine_id = COALESCE(t.replays, t.quarantine_id)
  LEFT JOIN (
    SELECT quarantine_id, MIN(position) AS position, MIN(segment) AS segment
    FROM arrived
    WHERE type = 'reject'
    GROUP BY quarantine_id
  ) f ON f.quarantine_id = q.quarantine_id AND f.segment = q.segment
  WHERE (t.type = 'drop' OR t.replays IS NOT NULL) AND (f.position IS NULL OR t.position > f.position)
  GROUP BY q.quarantine_id
) a
WHERE quarantine.quarantine_id = a.quarantine_id
  AND (quarantine.status = 'waiting' OR a.status = 'replayed')
