-- Grain: one row a segment file in the ledger that was not read: its bytes are gone or damaged.
SELECT l.segment, l.records, l.before_books
FROM held_ledger l
WHERE NOT EXISTS (SELECT 1 FROM found_best f WHERE f.segment = l.segment)
ORDER BY l.segment
