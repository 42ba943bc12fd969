-- Grain: one row a day of acceptance and source that has no book yet.
INSERT INTO book
SELECT e.day, e.source, 0, 0, 0, 0, 0
FROM (SELECT unnest(from_json($books, '[{"day": "DATE", "source": "VARCHAR"}]'), recursive := true)) e
WHERE NOT EXISTS (SELECT 1 FROM book b WHERE b.day = e.day AND b.source = e.source)
