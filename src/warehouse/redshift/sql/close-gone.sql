UPDATE entity SET valid_to = i.changed_at
FROM incoming i
WHERE i.is_gone = 1 AND entity.entity_id = i.entity_id AND entity.valid_to = TIMESTAMP '9999-12-31 00:00:00'
