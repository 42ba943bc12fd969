-- A record that is rejected twice lies in quarantine once, whatever has become of it meanwhile.
INSERT INTO quarantine
SELECT quarantine_id, source, code, reason, origin, bytes, accepted_at, segment, 0, 'waiting', NULL
FROM arrived a
WHERE type = 'reject'
  AND NOT EXISTS (SELECT 1 FROM quarantine q WHERE q.quarantine_id = a.quarantine_id)
QUALIFY ROW_NUMBER() OVER (PARTITION BY quarantine_id ORDER BY rowid) = 1
