INSERT INTO found_book
SELECT $place, segment, CAST(accepted_at AS DATE), source, COUNT(*), COUNT(*) FILTER (WHERE type = 'reject')
FROM arrived
WHERE type IN ('order', 'reject')
GROUP BY ALL;
INSERT INTO found_reject
SELECT $place, segment, rowid, quarantine_id, hash(source, code, reason, origin, bytes, accepted_at)
FROM arrived
WHERE type = 'reject';
INSERT INTO found_release
SELECT $place, segment, rowid, COALESCE(replays, quarantine_id), CASE WHEN type = 'drop' THEN 'dropped' ELSE 'replayed' END
FROM arrived
WHERE type = 'drop' OR replays IS NOT NULL
