-- Grain: one row an object that has no sequence yet. Under the lock, so that no other batch takes the same numbers.
INSERT INTO landed_object
SELECT m.last + ROW_NUMBER() OVER (ORDER BY l.landed_at, l.object_key), l.object_key, l.bytes, l.landed_at
FROM landed l
CROSS JOIN (SELECT COALESCE(MAX(sequence), 0) AS last FROM landed_object) m
WHERE l.object_key NOT IN (SELECT object_key FROM landed_object)
