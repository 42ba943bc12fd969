DELETE FROM entity
WHERE valid_to = TIMESTAMP '9999-12-31 00:00:00' AND entity_id IN (SELECT entity_id FROM next_version)
