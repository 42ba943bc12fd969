-- A record that is rejected twice lies in quarantine once, whatever has become of it meanwhile.
INSERT INTO quarantine
SELECT
  f.quarantine_id, f.source, f.code, f.reason, f.origin, f.bytes, f.accepted_at, f.segment, 0, 'waiting',
  CAST(NULL AS TIMESTAMP), f.bytes_in, f.bytes_size
FROM (
  SELECT a.*, ROW_NUMBER() OVER (PARTITION BY a.quarantine_id ORDER BY a.position) AS arrival
  FROM arrived a
  WHERE a.type = 'reject'
) f
WHERE f.arrival = 1
  AND f.quarantine_id NOT IN (SELECT quarantine_id FROM quarantine)
